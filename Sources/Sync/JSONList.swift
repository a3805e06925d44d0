import Entries

/// Lists as they stand in a column of a view or in a setting.
public enum JSONList {
    static func texts(_ json: String?) -> [String] { elements(json, as: String.self) }

    static func elements<Element: FieldValue>(_ json: String?, as type: Element.Type) -> [Element] {
        guard let json else { return [] }
        let bytes = Array(json.utf8)
        guard let slice = try? JSONScanner.value(of: bytes.span) else { return [] }
        return [Element](slice, in: bytes) ?? []
    }

    public static func json(_ texts: [String]) -> String {
        var writer = JSONWriter()
        texts.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
