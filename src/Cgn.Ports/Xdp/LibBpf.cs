using System.Runtime.InteropServices;

namespace Cgn.Ports.Xdp;

/// <summary>
/// Functions of libbpf 1.x by their own names. They return a negative error number, or null with errno set.
/// </summary>
internal static unsafe class LibBpf
{
    internal const int AttachTypeXdp = 37;
    internal const uint XdpGeneric = 1 << 1;
    internal const uint XdpNative = 1 << 2;
    internal const uint MapAny = 0;

    private const string Library = "libbpf.so.1";

    [DllImport(Library)]
    internal static extern nint libbpf_set_print(nint function);

    [DllImport(Library)]
    internal static extern int libbpf_num_possible_cpus();

    [DllImport(Library, SetLastError = true)]
    internal static extern nint bpf_object__open_mem(byte* content, nuint lengthBytes, void* options);

    [DllImport(Library)]
    internal static extern int bpf_object__load(nint file);

    [DllImport(Library)]
    internal static extern void bpf_object__close(nint file);

    [DllImport(Library)]
    internal static extern nint bpf_object__find_program_by_name(nint file, byte* name);

    [DllImport(Library)]
    internal static extern int bpf_object__find_map_fd_by_name(nint file, byte* name);

    [DllImport(Library)]
    internal static extern int bpf_program__fd(nint program);

    [DllImport(Library)]
    internal static extern int bpf_link_create(int program, int target, int attachType, LinkOptions* options);

    [DllImport(Library)]
    internal static extern int bpf_map_update_elem(int map, void* key, void* value, ulong flags);

    [DllImport(Library)]
    internal static extern int bpf_map_delete_elem(int map, void* key);

    [DllImport(Library)]
    internal static extern int bpf_map_lookup_elem(int map, void* key, void* value);

    [DllImport(Library)]
    internal static extern int bpf_map_get_next_key(int map, void* key, void* nextKey);

    [DllImport(Library)]
    internal static extern int bpf_prog_test_run_opts(int program, TestRunOptions* options);

    /// <summary>struct bpf_link_create_opts, as far as XDP needs it: its size says how much of it there is.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LinkOptions
    {
        public nuint Size;
        public uint Flags;
        private readonly uint _padding;
    }

    /// <summary>struct bpf_test_run_opts up to retval and duration.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TestRunOptions
    {
        public nuint Size;
        public byte* DataIn;
        public byte* DataOut;
        public uint DataInBytes;
        public uint DataOutBytes;
        public void* ContextIn;
        public void* ContextOut;
        public uint ContextInBytes;
        public uint ContextOutBytes;
        public uint Result;
        public int Repeat;
        public uint DurationNs;
        public uint Flags;
        public uint Cpu;
        public uint BatchSize;
    }
}
