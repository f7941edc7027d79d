using System;
using System.Collections.Generic;

using Prometheus;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>Makes families and remembers how each series gets its value.</summary>
/// <typeparam name="TSource">What values are read from.</typeparam>
/// <param name="factory">Where the families are registered.</param>
internal sealed class MetricFamilies<TSource>(MetricFactory factory)
{
    private readonly List<Action<TSource>> _updates = [];

    private Counter? _counter;
    private Gauge? _gauge;

    /// <summary>Begins a family of counters.</summary>
    public MetricFamilies<TSource> Counter(string name, string help, params string[] labels)
    {
        _counter = factory.CreateCounter(name, help, labels);
        _gauge = null;
        return this;
    }

    /// <summary>Begins a family of gauges.</summary>
    public MetricFamilies<TSource> Gauge(string name, string help, params string[] labels)
    {
        _gauge = factory.CreateGauge(name, help, labels);
        _counter = null;
        return this;
    }

    /// <summary>Adds a series to the family begun last.</summary>
    /// <param name="read">Its value: a total for counters, a level for gauges.</param>
    /// <param name="labels">Values of the family's labels.</param>
    public MetricFamilies<TSource> Series(Func<TSource, double> read, params string[] labels)
    {
        if (_counter is not null)
        {
            var series = new CounterSeries(_counter.WithLabels(labels));
            _updates.Add(source => series.MoveTo(read(source)));
        }
        else
        {
            Gauge.Child series = _gauge!.WithLabels(labels);
            _updates.Add(source => series.Set(read(source)));
        }

        return this;
    }

    /// <summary>
    /// Adds a series of the gauge begun last for each name that there is whenever values are read; series of names that
    /// there are no longer end.
    /// </summary>
    /// <param name="read">Names, which are values of the first label, and levels.</param>
    /// <param name="others">Values of the other labels.</param>
    public MetricFamilies<TSource> Named(
        Func<TSource, IEnumerable<(string Name, double Level)>> read, params string[] others)
    {
        Gauge gauge = _gauge!;
        HashSet<string> known = [];
        _updates.Add(source =>
        {
            HashSet<string> there = [];
            foreach ((string name, double level) in read(source))
            {
                gauge.WithLabels([name, .. others]).Set(level);
                there.Add(name);
            }

            known.ExceptWith(there);
            foreach (string gone in known)
                gauge.RemoveLabelled([gone, .. others]);
            known = there;
        });
        return this;
    }

    /// <summary>
    /// Makes a histogram without labels of counts by bucket that lie in shared memory. Where in a bucket values were is
    /// not known: the sum takes them to have been in its middle.
    /// </summary>
    /// <param name="name">Name of the family.</param>
    /// <param name="help">What it tells.</param>
    /// <param name="bounds">Upper bounds of the buckets, ascending; each is twice the one before.</param>
    /// <param name="first">
    /// Number of the first bucket that has a bound of its own; those before it belong to it.
    /// </param>
    /// <param name="count">Buckets that there are; those behind the last bound belong to infinity.</param>
    /// <param name="read">The total of a bucket, by its number.</param>
    public void Histogram(
        string name, string help, double[] bounds, int first, int count, Func<TSource, int, long> read)
    {
        Histogram histogram = factory.CreateHistogram(name, help, new HistogramConfiguration { Buckets = bounds });
        long[] last = new long[count];
        _updates.Add(source =>
        {
            for (int bucket = 0; bucket < count; bucket++)
            {
                long total = read(source, bucket);
                long more = total >= last[bucket] ? total - last[bucket] : total;
                last[bucket] = total;
                double upper = bounds[0] * Math.ScaleB(1, bucket - first);
                // From half a bucket's bound to its bound: three quarters is the middle.
                if (more > 0)
                    histogram.Observe(0.75 * upper, more);
            }
        });
    }

    /// <summary>Reads all values.</summary>
    public void Update(TSource source)
    {
        foreach (Action<TSource> update in _updates)
            update(source);
    }
}
