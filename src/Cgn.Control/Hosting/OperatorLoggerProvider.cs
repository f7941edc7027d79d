using System;
using System.IO;
using System.Net.Sockets;

using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Cgn.Control.Hosting;

/// <summary>Leads what the hosting library has to say, from warnings up, to the <see cref="OperatorLog"/>.</summary>
/// <param name="log">Where to.</param>
internal sealed class OperatorLoggerProvider(OperatorLog log) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(log);

    public void Dispose()
    {
    }

    private sealed class Logger(OperatorLog log) : ILogger
    {
        // As Microsoft.Extensions.Hosting names it.
        private const string StartFailed = "HostedServiceStartupFaulted";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            // A refusal is told by whoever catches it, and so is what a server says of an address that can't be had.
            if (!IsEnabled(logLevel) || exception is SystemRefusedException or OperationCanceledException
                or AddressInUseException
                or AggregateException { InnerException: SystemRefusedException })
                return;
            if (eventId.Name == StartFailed && (exception is IOException or SocketException))
                return;
            // What nobody expected is told with its kind and place: it is a defect, and may not happen again.
            string cause = exception is null ? "" : $": {exception.ToString().ReplaceLineEndings(" ")}";
            log.Warn(formatter(state, exception).ReplaceLineEndings(" ") + cause);
        }
    }
}
