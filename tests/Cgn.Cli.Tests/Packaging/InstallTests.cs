using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

using Cgn.Cli.Lab;

using Xunit;

namespace Cgn.Cli.Tests.Packaging;

/// <summary><c>tools/install</c> into a directory that stands for the system, and the units by the system's own
/// tools.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
    private readonly string _published;
    private readonly string _system;

    public InstallTests()
    {
        _published = Path.Combine(_folder, "published");
        _system = Path.Combine(_folder, "system");
        Directory.CreateDirectory(_published);
        Directory.CreateDirectory(_system);
        // As published: what the tests themselves run.
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "cgn*").Concat(
            Directory.EnumerateFiles(AppContext.BaseDirectory, "Cgn.C*.dll")))
            File.Copy(file, Path.Combine(_published, Path.GetFileName(file)));
    }

    [SkippableTheory]
    [InlineData("/usr")]
    [InlineData("/opt/gateway")]
    public async Task Every_installed_file_is_removed_again_but_configuration_and_logs(string prefix)
    {
        await InstallAsync("--prefix", prefix);
        Assert.Contains($"{prefix}/bin/cgn", Files());
        Assert.Contains($"{prefix}/lib/cgn/cgn-forwarder.dll", Files());
        Assert.Contains($"{prefix}/lib/systemd/system/cgn-control.service", Files());
        Assert.Contains("/etc/logrotate.d/cgn", Files());
        Assert.Contains("/etc/cgn/cgn.yaml", Files());
        string unit = File.ReadAllText($"{_system}{prefix}/lib/systemd/system/cgn-forwarder.service");
        Assert.Contains($"ExecStart={prefix}/lib/cgn/cgn-forwarder --wait", unit);
        Log();

        await InstallAsync("--prefix", prefix, "--remove");
        Assert.Equal(["/etc/cgn/cgn.yaml", "/var/log/cgn/blocks.jsonl"], Files());

        await InstallAsync("--prefix", prefix);
        await InstallAsync("--prefix", prefix, "--remove", "--purge");
        Assert.Empty(Files());
    }

    [SkippableFact]
    public async Task An_edited_configuration_is_never_written_over_and_files_of_an_earlier_version_go()
    {
        await InstallAsync();
        string config = _system + "/etc/cgn/cgn.yaml";
        File.AppendAllText(config, "# mine\n");
        string edited = File.ReadAllText(config);
        File.Delete(Path.Combine(_published, "Cgn.Contract.dll"));
        string[] before = Files();
        await InstallAsync();

        Assert.Equal(edited, File.ReadAllText(config));
        Assert.Equal(["/usr/lib/cgn/Cgn.Contract.dll"], before.Except(Files()));
        Assert.Empty(Files().Except(before));
    }

    [SkippableFact]
    public async Task The_installed_command_runs_and_its_configuration_is_usable()
    {
        await InstallAsync();
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
            File.Copy(file, Path.Combine(_system, "usr/lib/cgn", Path.GetFileName(file)), overwrite: true);
        // The wrapper names files of the installed system.
        string wrapper = _system + "/usr/bin/cgn";
        File.WriteAllText(wrapper, File.ReadAllText(wrapper).Replace("/usr/lib/cgn", _system + "/usr/lib/cgn"));
        CommandResult check = await CommandRunner.RunAsync(
            "sh", [wrapper, "check", "--config", _system + "/etc/cgn/cgn.yaml"], TimeSpan.FromMinutes(1));

        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Contains("usable: main", check.Output);
    }

    [SkippableTheory]
    [InlineData("cgn-forwarder.service")]
    [InlineData("cgn-forwarder-standby.service")]
    [InlineData("cgn-control.service")]
    public async Task The_system_finds_nothing_wrong_with_the_unit(string name)
    {
        Skip.If(CommandRunner.Find("systemd-analyze") is null, "needs the program systemd-analyze (package systemd)");
        await InstallAsync();
        string unit = $"{_system}/usr/lib/systemd/system/{name}";
        // Programs are looked for where the unit says, so it has to name this directory.
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(unit)!))
            File.WriteAllText(file, File.ReadAllText(file).Replace("/usr/lib/cgn/", $"{_system}/usr/lib/cgn/"));
        CommandResult verify = await CommandRunner.RunAsync("systemd-analyze", ["verify", "--man=no", unit]);
        CommandResult security = await CommandRunner.RunAsync(
            "systemd-analyze", ["security", "--offline=true", "--threshold=30", unit]);

        Assert.Equal((0, ""), (verify.ExitCode, string.Concat(verify.Output, verify.Error).Trim()));
        // Exposure, of ten.
        Assert.True(security.ExitCode == 0, security.Output + security.Error);
    }

    [Theory]
    [InlineData("--prefix", "usr")]
    [InlineData("--purge", "")]
    [InlineData("--nonsense", "")]
    public async Task What_can_t_be_meant_is_refused(string option, string value)
    {
        CommandResult run = await CommandRunner.RunAsync(
            Script(), [option, .. (string[])(value.Length == 0 ? [] : [value]), "--destdir", _system]);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(Files());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Script() => Path.Combine(UnitFile.Repository(), "tools", "install");

    private async Task InstallAsync(params string[] arguments)
    {
        string[] words = ["--destdir", _system, .. arguments];
        if (!arguments.Contains("--remove"))
            words = [.. words, "--no-build", _published];
        CommandResult run = await CommandRunner.RunAsync(Script(), words, TimeSpan.FromMinutes(2));
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }

    private void Log()
    {
        Directory.CreateDirectory(_system + "/var/log/cgn");
        File.WriteAllText(_system + "/var/log/cgn/blocks.jsonl", "{}\n");
    }

    private string[] Files() => [.. Directory.EnumerateFiles(_system, "*", SearchOption.AllDirectories)
        .Select(file => file[_system.Length..]).Order(StringComparer.Ordinal)];
}
