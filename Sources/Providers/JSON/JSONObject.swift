public import Entries
public import ICalendar

/// An object of an answer in JSON, read as leniently as the services need that write it.
///
/// What is not spoken of, what is said to be empty and what has a value are three different things: who leaves out a title
/// has not taken it away. A whole number may be written as a text, words may come that nobody knows, and a value of
/// another kind than expected counts as not spoken of. Members are found at once and values read when they are asked
/// for, so an answer with thousands of elements is never held twice.
public struct JSONObject: Sendable {
    private let bytes: [UInt8]
    /// Of two members with one name the last is meant.
    private let members: [String: JSONSlice]

    /// The one object that a body is. All of it is looked through, so that what is inside cannot fail later.
    public init(_ body: [UInt8]) throws(JSONError) {
        var members: [String: JSONSlice] = [:]
        try JSONScanner.members(of: body.span) { (name, value) throws(JSONError) in
            members[name.text(in: body.span) ?? ""] = value
        }
        bytes = body
        self.members = members
    }

    fileprivate init?(_ slice: JSONSlice, in bytes: [UInt8]) {
        guard slice.kind == .object else { return nil }
        var members: [String: JSONSlice] = [:]
        do {
            try JSONScanner.members(of: slice, in: bytes.span) { (name, value) throws(JSONError) in
                members[name.text(in: bytes.span) ?? ""] = value
            }
        } catch {
            return nil
        }
        self.bytes = bytes
        self.members = members
    }

    /// Something is said about it, be it that it is empty.
    public func has(_ name: String) -> Bool { members[name] != nil }

    /// It is said that there is nothing.
    public func isNull(_ name: String) -> Bool { members[name]?.kind == .null }

    /// The value of a member; nil where it is not spoken of or null.
    public func value(_ name: String) -> JSONValue? {
        guard let slice = members[name], slice.kind != .null else { return nil }
        return JSONValue(slice, in: bytes)
    }

    // MARK: Texts

    /// A text; null and blanks are empty.
    public func stated(_ name: String) -> Stated<String> {
        guard let slice = members[name] else { return .absent }
        if slice.kind == .null { return .empty }
        guard let text = JSONValue(slice, in: bytes).text else { return .absent }
        return text.unicodeScalars.allSatisfy(\.properties.isWhitespace) ? .empty : .value(text)
    }

    /// A text that is not empty.
    public func text(_ name: String) -> String? { stated(name).value }

    /// A word of the service's own; nil also for one that is not known.
    public func word<Word: RawRepresentable<String>>(_ name: String, as type: Word.Type = Word.self) -> Word? {
        text(name).flatMap(Word.init)
    }

    // MARK: Numbers and answers

    /// A whole number, also where it is written as a text, as services do with numbers of 64 bits.
    public func integer(_ name: String) -> Int64? { value(name)?.integer }

    /// Yes or no, also where it is written as a text.
    public func boolean(_ name: String) -> Bool? { value(name)?.boolean }

    /// An instant with its offset from UTC, in milliseconds, fractions of a second left out.
    public func instant(_ name: String) -> Int64? {
        guard let text = text(name), case .utc(let local) = EventTime(text) else { return nil }
        return Int64(local.seconds) * 1_000
    }

    // MARK: What stands inside

    public func object(_ name: String) -> JSONObject? { value(name)?.object }

    /// The elements of a list; none where there is no list.
    public func elements(_ name: String) -> [JSONValue] { value(name)?.elements ?? [] }

    /// Something else than a list is said, also null: who takes it for an empty list takes all away that was in it.
    public func isOtherThanList(_ name: String) -> Bool { members[name].map { $0.kind != .array } ?? false }

    /// Those elements of a list that are objects.
    public func objects(_ name: String) -> [JSONObject] { elements(name).compactMap(\.object) }

    /// Those elements of a list that are texts, without empty ones.
    public func texts(_ name: String) -> [String] { elements(name).compactMap(\.text).filter { !$0.isEmpty } }

    /// Whether a list has elements, is said to be empty, or is not spoken of.
    public func statedElements(_ name: String) -> Stated<[JSONValue]> {
        guard let slice = members[name] else { return .absent }
        if slice.kind == .null { return .empty }
        guard let elements = JSONValue(slice, in: bytes).elements else { return .absent }
        return elements.isEmpty ? .empty : .value(elements)
    }
}

/// One value of an answer in JSON.
public struct JSONValue: Sendable, Hashable {
    private let bytes: [UInt8]
    private let slice: JSONSlice

    fileprivate init(_ slice: JSONSlice, in bytes: [UInt8]) {
        self.slice = slice
        self.bytes = bytes
    }

    /// The value as it was written; a text without its quotes.
    public var content: ArraySlice<UInt8> { bytes[slice.range] }

    public var object: JSONObject? { JSONObject(slice, in: bytes) }

    public var text: String? {
        guard let text = slice.text(in: bytes.span) else { return nil }
        // No text that a person wrote holds it, and databases end a text there.
        return text.utf8.contains(0) ? text.filter { $0 != "\0" } : text
    }

    public var integer: Int64? {
        switch slice.kind {
        case .integer: slice.integer(in: bytes.span)
        case .text: text.flatMap { Int64($0) }
        default: nil
        }
    }

    public var boolean: Bool? {
        switch slice.kind {
        case .boolean: slice.boolean(in: bytes.span)
        case .text: text.flatMap { Bool($0.lowercased()) }
        default: nil
        }
    }

    /// Nil for what is no list.
    public var elements: [JSONValue]? {
        guard slice.kind == .array else { return nil }
        var elements: [JSONValue] = []
        do {
            try JSONScanner.elements(of: slice, in: bytes.span) { (element) throws(JSONError) in
                elements.append(JSONValue(element, in: bytes))
            }
        } catch {
            return nil
        }
        return elements
    }

    /// Equal as it was written, and not only in its meaning.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        left.slice.kind == right.slice.kind && left.content == right.content
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(content) }
}
