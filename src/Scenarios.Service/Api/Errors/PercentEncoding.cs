using System.Globalization;
using System.Text;

namespace Scenarios.Service.Api.Errors;

/// <summary>
/// The encoding of grpc-message: UTF-8, of which what is not printable ASCII, and the percent sign, is written as %XX
/// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses). The library's own is internal.
/// </summary>
internal static class PercentEncoding
{
    /// <summary>Encodes a text.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (IsPlain(octet))
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return encoded.ToString();
    }

    /// <summary>Bytes of an encoded text.</summary>
    public static int LengthOf(string text) => Encoding.UTF8.GetBytes(text).Sum(octet => IsPlain(octet) ? 1 : 3);

    private static bool IsPlain(byte octet) => octet is >= 0x20 and <= 0x7E and not (byte)'%';
}
