using Prometheus;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>One series of a counter family, fed with a total that lies in shared memory and may begin anew.</summary>
/// <param name="series">The series.</param>
internal sealed class CounterSeries(Counter.Child series)
{
    private double _last;

    /// <summary>Moves on to a total.</summary>
    /// <param name="total">The total now; a smaller one than before was counted from zero.</param>
    public void MoveTo(double total)
    {
        double more = total >= _last ? total - _last : total;
        _last = total;
        if (more > 0)
            series.Inc(more);
    }
}
