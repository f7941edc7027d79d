using System;

namespace Cgn.Cli.Verbs.Remote;

/// <summary>The API did not give what was asked for; the message says why.</summary>
internal sealed class ApiException : Exception
{
    /// <summary>Without a message; for tools that make exceptions.</summary>
    public ApiException()
    {
    }

    /// <summary>Says why.</summary>
    public ApiException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what it comes from.</summary>
    public ApiException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>HTTP status; 0 when nobody answered.</summary>
    public int Status { get; init; }

    /// <summary>What was asked makes no sense, whoever is asked.</summary>
    public bool IsRefusal => Status is 400 or 404;
}
