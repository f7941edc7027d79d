using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace Cgn.Cli.Tests.Kills;

/// <summary>
/// Flows of a customer, each from a socket of its own to a server that answers with the endpoint it sees: the mapping.
/// Questions are numbered, so that an answer that came late is none to the next one.
/// </summary>
internal sealed class KillTraffic : IDisposable
{
    private const int Port = 9;
    private const int FlowsMax = 300;
    private const int ShortMs = 50;

    private readonly List<(Socket Socket, string Mapping)> _flows = [];
    private readonly byte[] _buffer = new byte[256];
    private volatile bool _end;
    private int _opened;
    private int _asked;

    internal KillTraffic(KillLab lab) => Inside.Start(lab.Server, Answer);

    internal int Count => _flows.Count;

    internal int Opened => _opened;

    /// <summary>
    /// Begins a flow, in place of an old one where there are many; to be called on a thread inside the customer's
    /// namespace.
    /// </summary>
    internal void Open()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Parse("192.0.2.2"), Port);
        int flow = _opened++ % FlowsMax;
        if (flow == _flows.Count)
            _flows.Add(default);
        _flows[flow].Socket?.Dispose();
        _flows[flow] = (socket, "");
        _flows[flow] = (socket, Ask(flow, TimeSpan.FromSeconds(30)).Mapping);
    }

    /// <summary>Asks until an answer comes.</summary>
    internal (string Mapping, int Asked) Ask(int flow, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        for (int asked = 1; ; asked++)
        {
            if (TryAsk(flow, out string mapping))
                return (mapping, asked);
            if (Stopwatch.GetElapsedTime(start) > patience)
                throw new TimeoutException($"flow {flow} gets no answer");
        }
    }

    /// <summary>Asks once.</summary>
    internal bool TryAsk(int flow, out string mapping, int patienceMs = ShortMs)
    {
        mapping = "";
        try
        {
            Socket socket = _flows[flow].Socket;
            socket.ReceiveTimeout = patienceMs;
            string question = $"{++_asked}";
            socket.Send(Encoding.ASCII.GetBytes(question));
            string[] answer;
            do
                answer = Encoding.ASCII.GetString(_buffer, 0, socket.Receive(_buffer)).Split(' ');
            while (answer[0] != question);
            mapping = answer[1];
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    internal string MappingOf(int flow) => _flows[flow].Mapping;

    public void Dispose()
    {
        _end = true;
        foreach ((Socket socket, _) in _flows)
            socket.Dispose();
    }

    private void Answer()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, Port));
        socket.ReceiveTimeout = 200;
        byte[] buffer = new byte[256];
        while (!_end)
        {
            try
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                int length = socket.ReceiveFrom(buffer, ref from);
                socket.SendTo(Encoding.ASCII.GetBytes($"{Encoding.ASCII.GetString(buffer, 0, length)} {from}"), from);
            }
            catch (SocketException)
            {
                // Nothing came for a while.
            }
        }
    }
}
