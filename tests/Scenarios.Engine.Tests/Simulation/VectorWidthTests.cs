using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>Same request, same bits: whatever vectors a machine has.</summary>
public sealed class VectorWidthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly Lazy<Task<(string Hashes, int VectorBits)>> Native = new(() => Hashes(null));

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic", 128)]
    public async Task Projection_OnNarrowerVectors_IsTheSameToTheBit(string variable, int widestBits)
    {
        var native = await Native.Value;
        var narrow = await Hashes(variable);
        Assert.True(
            narrow.VectorBits <= widestBits || RuntimeInformation.ProcessArchitecture != Architecture.X64,
            $"{variable}=0 left vectors of {narrow.VectorBits} bits");
        Assert.Equal(native.Hashes, narrow.Hashes);
        Assert.Equal(11, native.Hashes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private static async Task<(string Hashes, int VectorBits)> Hashes(string? disabled)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Scenarios.Benchmarks.Cases.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (disabled is not null)
        {
            start.Environment[disabled] = "0";
        }

        using var process = Process.Start(start)!;
        var hashes = process.StandardOutput.ReadToEndAsync();
        var remarks = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, await remarks.WaitAsync(Limit));
        return (await hashes.WaitAsync(Limit), int.Parse(await remarks.WaitAsync(Limit)));
    }
}
