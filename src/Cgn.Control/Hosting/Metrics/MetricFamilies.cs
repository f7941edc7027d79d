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
    /// <param name="read">Names, which are the label's values, and levels.</param>
    public void Named(Func<TSource, IEnumerable<(string Name, double Level)>> read)
    {
        Gauge gauge = _gauge!;
        HashSet<string> known = [];
        _updates.Add(source =>
        {
            HashSet<string> there = [];
            foreach ((string name, double level) in read(source))
            {
                gauge.WithLabels(name).Set(level);
                there.Add(name);
            }

            known.ExceptWith(there);
            foreach (string gone in known)
                gauge.RemoveLabelled(gone);
            known = there;
        });
    }

    /// <summary>Adds something that is read with the rest.</summary>
    public void Also(Action<TSource> update) => _updates.Add(update);

    /// <summary>Reads all values.</summary>
    public void Update(TSource source)
    {
        foreach (Action<TSource> update in _updates)
            update(source);
    }
}
