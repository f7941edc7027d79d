using System;

namespace Cgn.Model.Tests.Nat;

/// <summary>The gateway and the model differ.</summary>
internal sealed class ModelException : Exception
{
    public ModelException(string message)
        : base(message)
    {
    }

    public ModelException()
    {
    }

    public ModelException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
