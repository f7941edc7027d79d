namespace Cgn.Cli.Conformance;

/// <summary>Something that shows a requirement: a test method or a check of the lab.</summary>
/// <param name="Name">A test's class and method with their namespace, or a lab check's class.</param>
/// <param name="Project">The test project; empty for the lab.</param>
public sealed record Evidence(string Name, string Project)
{
    /// <summary>It is a check of <c>cgn lab test</c>.</summary>
    public bool IsLab => Project.Length == 0;

    /// <summary>Class and method alone.</summary>
    public string ShortName
    {
        get
        {
            string[] parts = Name.Split('.');
            return IsLab ? $"lab: {parts[^1]}" : $"{parts[^2]}.{parts[^1]}";
        }
    }
}
