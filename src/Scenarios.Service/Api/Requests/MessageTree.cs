using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Scenarios.Service.Api.Requests;

/// <summary>Walks messages by their descriptors, so that no field of a later version is forgotten.</summary>
internal static class MessageTree
{
    /// <summary>Calls a function with each field of a message and of all messages in it, values of maps left out.</summary>
    /// <param name="message">The message.</param>
    /// <param name="visit">Sees a field before what is in it, which it may change or clear.</param>
    public static void Visit(IMessage message, Action<IMessage, FieldDescriptor> visit)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            visit(message, field);
            if (field.FieldType != FieldType.Message || field.IsMap)
            {
                continue;
            }

            if (field.IsRepeated)
            {
                foreach (IMessage element in (IList)field.Accessor.GetValue(message))
                {
                    Visit(element, visit);
                }
            }
            else if (field.Accessor.GetValue(message) is IMessage inner)
            {
                Visit(inner, visit);
            }
        }
    }

    /// <summary>Makes every -0 a 0: they mean the same, and what means the same is echoed alike.</summary>
    public static void ClearSignsOfZero(IMessage message) => Visit(message, (owner, field) =>
    {
        if (field.FieldType != FieldType.Double)
        {
            return;
        }

        if (!field.IsRepeated)
        {
            if (field.Accessor.GetValue(owner) is double number && number == 0 && double.IsNegative(number))
            {
                field.Accessor.SetValue(owner, 0.0);
            }

            return;
        }

        var list = (IList<double>)field.Accessor.GetValue(owner);
        for (var i = 0; i < list.Count; i++)
        {
            list[i] = list[i] == 0 ? 0 : list[i];
        }
    });
}
