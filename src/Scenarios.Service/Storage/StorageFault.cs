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

/// <summary>The database cannot be used now: STORAGE_UNAVAILABLE to the caller.</summary>
internal sealed class StorageFaultException : RpcException
{
    public StorageFaultException(StorageFault fault)
        : this(fault, ApiErrors.StorageUnavailable(fault))
    {
    }

    private StorageFaultException(StorageFault fault, RpcException error)
        : base(error.Status, error.Trailers) => Fault = fault;

    /// <summary>Why.</summary>
    public StorageFault Fault { get; }
}
