/// Writes the small texts that are asked with. The names of elements are ours; what is foreign is escaped.
public struct XMLWriting {
    private var text = #"<?xml version="1.0" encoding="utf-8"?>"#
    private let prefixes: [String: String]
    private var isFirst = true

    /// - Parameter prefixes: for each namespace that will be used, as `["DAV:": "D"]`; declared at the outermost element.
    public init(prefixes: [String: String]) {
        self.prefixes = prefixes
    }

    public var bytes: [UInt8] { Array(text.utf8) }

    public mutating func element(_ name: XMLName, attributes: [(String, String)] = []) {
        open(name, attributes, ending: "/>")
    }

    public mutating func element(_ name: XMLName, text value: String) {
        open(name, [], ending: ">")
        text += Self.escaped(value)
        text += "</\(tag(name))>"
    }

    public mutating func element(
        _ name: XMLName, attributes: [(String, String)] = [], _ content: (inout XMLWriting) -> Void
    ) {
        open(name, attributes, ending: ">")
        content(&self)
        text += "</\(tag(name))>"
    }

    private mutating func open(_ name: XMLName, _ attributes: [(String, String)], ending: String) {
        text += "<\(tag(name))"
        if isFirst {
            for (namespace, prefix) in prefixes.sorted(by: { $0.value < $1.value }) {
                text += " xmlns:\(prefix)=\"\(Self.escaped(namespace))\""
            }
            isFirst = false
        }
        for (name, value) in attributes { text += " \(name)=\"\(Self.escaped(value))\"" }
        text += ending
    }

    private func tag(_ name: XMLName) -> String {
        guard let prefix = prefixes[name.namespace] else {
            preconditionFailure("the namespace of \(name.local) has no prefix")
        }
        return "\(prefix):\(name.local)"
    }

    /// Characters that XML forbids are left out.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\r": escaped += "&#13;"
            case "\t", "\n": escaped.unicodeScalars.append(scalar)
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
