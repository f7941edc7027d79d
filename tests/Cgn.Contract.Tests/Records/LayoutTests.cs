using System;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.InteropServices;

using Cgn.Contract.Commands;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;

using Xunit;

namespace Cgn.Contract.Tests.Records;

/// <summary>Sizes and offsets leave the process: two builds must agree on them, so they are promises.</summary>
public sealed class LayoutTests
{
    [Theory]
    [InlineData(typeof(SessionRecord), 64)]
    [InlineData(typeof(MappingRecord), 32)]
    [InlineData(typeof(SubscriberRecord), 128)]
    [InlineData(typeof(BlockRecord), 32)]
    [InlineData(typeof(ExplicitRecord), 32)]
    [InlineData(typeof(ForwarderEvent), 64)]
    [InlineData(typeof(PolicyRecord), 256)]
    [InlineData(typeof(ForwarderCommand), 32)]
    public void A_record_has_its_promised_size_and_no_two_fields_overlap(Type record, int bytes)
    {
        Assert.Equal(bytes, Marshal.SizeOf(record));
        SortedDictionary<int, FieldInfo> fields = [];
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (FieldInfo field in record.GetFields(All))
            fields.Add((int)Marshal.OffsetOf(record, field.Name), field);
        int end = 0;
        foreach ((int offset, FieldInfo field) in fields)
        {
            Assert.True(offset >= end, $"{record.Name}.{field.Name} at {offset} overlaps what ends at {end}");
            Type type = field.FieldType.IsEnum ? Enum.GetUnderlyingType(field.FieldType) : field.FieldType;
            // Texts are bytes, which stand anywhere.
            if (type.IsPrimitive)
                Assert.Equal(0, offset % Marshal.SizeOf(type));
            end = offset + Marshal.SizeOf(type);
        }

        Assert.True(end <= bytes);
    }

    [Fact]
    public void What_every_packet_touches_of_a_subscriber_lies_in_its_first_cache_line()
    {
        foreach (string field in (string[])[
            nameof(SubscriberRecord.B4High), nameof(SubscriberRecord.B4Low), nameof(SubscriberRecord.UpFullAtNs),
            nameof(SubscriberRecord.DownFullAtNs), nameof(SubscriberRecord.BytesUp), nameof(SubscriberRecord.BytesDown),
            nameof(SubscriberRecord.PacketsUp), nameof(SubscriberRecord.PacketsDown), nameof(SubscriberRecord.Plan),
            nameof(SubscriberRecord.Kind), nameof(SubscriberRecord.NextHop),
            nameof(SubscriberRecord.NextHopGeneration)])
        {
            Assert.InRange((int)Marshal.OffsetOf<SubscriberRecord>(field), 0, 63);
        }
    }

    [Fact]
    public void Counters_and_drop_reasons_fit_the_places_kept_for_them()
    {
        Assert.InRange((int)CounterId.Count, 1, CounterBlock.CounterPlaces);
        foreach (DropReason reason in Enum.GetValues<DropReason>())
            Assert.InRange((int)reason, 0, CounterBlock.DropPlaces - 1);
    }

    [Theory]
    [InlineData(DropReason.Truncated, 1)]
    [InlineData(DropReason.NoMapping, 18)]
    [InlineData(DropReason.NoBlock, 25)]
    [InlineData(DropReason.TransmitFull, 46)]
    [InlineData(DropReason.UnsupportedIcmpv6, 52)]
    public void The_number_of_a_drop_reason_never_changes(DropReason reason, int number) =>
        Assert.Equal(number, (int)reason);
}
