@testable import Service

/// Holds JSON against a schema as it stands in the document: another piece of code than the one that wrote it.
struct DocumentChecker {
    let document: JSONValue

    /// What is wrong, with its place; nil if it fits.
    func fault(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> String? {
        if let reference = schema["$ref"]?.text {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let target = document["components"]?["schemas"]?[name] else { return "\(path): there is no \(name)" }
            return fault(value, target, at: path)
        }
        if let choices = schema["anyOf"]?.list {
            return choices.contains { fault(value, $0, at: path) == nil } ? nil : "\(path): fits none of several"
        }
        switch (schema["type"]?.text, value) {
        case ("string", .text(let text)):
            if let words = schema["enum"]?.list, !words.contains(.text(text)) { return "\(path): “\(text)” is no word" }
        case ("integer", .integer(let integer)):
            if let least = schema["minimum"]?.integer, integer < least { return "\(path): below \(least)" }
            if let most = schema["maximum"]?.integer, integer > most { return "\(path): above \(most)" }
        case ("number", .integer), ("number", .number), ("boolean", .flag), ("null", .null): break
        case ("array", .list(let list)):
            for (index, element) in list.enumerated() {
                if let fault = fault(element, schema["items"] ?? .null, at: "\(path)[\(index)]") { return fault }
            }
        case ("object", .object(let members)): return fault(members, schema, at: path)
        default: return "\(path): \(value.words) where the schema says \(schema["type"]?.text ?? "nothing")"
        }
        return nil
    }

    private func fault(_ members: [JSONValue.Member], _ schema: JSONValue, at path: String) -> String? {
        let properties = schema["properties"]
        for name in schema["required"]?.list.compactMap(\.text) ?? [] {
            if !members.contains(where: { $0.name == name }) { return "\(path).\(name): is missing" }
        }
        for member in members {
            if let property = properties?[member.name] ?? schema["additionalProperties"],
                property["type"] != nil
                    || property["$ref"] != nil || property["anyOf"] != nil
            {
                if let fault = fault(member.value, property, at: "\(path).\(member.name)") { return fault }
            } else if properties != nil, properties?.members.isEmpty == false {
                // An answer tells nothing that its schema does not know of.
                return "\(path).\(member.name): is not in the schema"
            }
        }
        return nil
    }
}
