using Google.Rpc;
using Grpc.Core;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Storage;

/// <summary>Why the database cannot be used now. Clients get it in UPPER_SNAKE, as <c>cause</c> in the metadata of STORAGE_UNAVAILABLE.</summary>
internal enum StorageFault
{
    /// <summary>It does not answer, or lets nobody in.</summary>
    Unreachable,

    /// <summary>Other writers hold it for longer than a writer waits.</summary>
    Busy,

    /// <summary>There is no room on its disk. What is stored can be read.</summary>
    DiskFull,

    /// <summary>It can be read, not written: its disk is mounted so, or it is a standby server.</summary>
    ReadOnly,

    /// <summary>What is on the disk is damaged.</summary>
    Corrupt,

    /// <summary>The disk fails to read or to write.</summary>
    IoError,
}

/// <summary>Storage faults within the errors that callers get.</summary>
internal static class StorageFaults
{
    /// <summary>Finds why the database could not be used; null for an error of another kind.</summary>
    public static StorageFault? Of(RpcException error) =>
        error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Metadata.TryGetValue(ApiErrors.StorageCause, out var cause) == true
            ? Enum.GetValues<StorageFault>().Single(fault => ApiErrors.UpperSnake(fault.ToString()) == cause)
            : null;
}
