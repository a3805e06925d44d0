/// What a field can hold.
public protocol FieldValue: Sendable, Equatable {
    static var shape: FieldShape { get }

    /// Nothing is written for an absent value.
    var isAbsent: Bool { get }

    func write(to writer: inout JSONWriter)

    /// Nil when the JSON is of another kind. JSON `null` is only offered to what can be absent.
    init?(_ slice: JSONSlice, in bytes: [UInt8])
}

extension FieldValue {
    public var isAbsent: Bool { false }
}

/// The kind of a field, as documentation, checks and projections want to know it.
public indirect enum FieldShape: Sendable, Equatable {
    case integer, boolean, text
    /// A text that is one of a few words.
    case word([String])
    case list(FieldShape)
    case group([FieldDescription])
    case optional(FieldShape)
}

extension Int64: FieldValue {
    public static var shape: FieldShape { .integer }
    public func write(to writer: inout JSONWriter) { writer.integer(self) }
    public init?(_ slice: JSONSlice, in bytes: [UInt8]) {
        guard let value = slice.integer(in: bytes.span) else { return nil }
        self = value
    }
}

extension Bool: FieldValue {
    public static var shape: FieldShape { .boolean }
    public func write(to writer: inout JSONWriter) { writer.boolean(self) }
    public init?(_ slice: JSONSlice, in bytes: [UInt8]) {
        guard let value = slice.boolean(in: bytes.span) else { return nil }
        self = value
    }
}

extension String: FieldValue {
    public static var shape: FieldShape { .text }
    public func write(to writer: inout JSONWriter) { writer.text(self) }
    public init?(_ slice: JSONSlice, in bytes: [UInt8]) {
        guard let value = slice.text(in: bytes.span) else { return nil }
        self = value
    }
}

/// A word out of a few. A word that a later version added is refused by an older one, loudly.
public protocol FieldWord: FieldValue, RawRepresentable, CaseIterable where RawValue == String {}

extension FieldWord {
    public static var shape: FieldShape { .word(allCases.map(\.rawValue)) }
    public func write(to writer: inout JSONWriter) { writer.text(rawValue) }
    public init?(_ slice: JSONSlice, in bytes: [UInt8]) {
        guard let text = slice.text(in: bytes.span), let value = Self(rawValue: text) else { return nil }
        self = value
    }
}

extension Optional: FieldValue where Wrapped: FieldValue {
    public static var shape: FieldShape { .optional(Wrapped.shape) }
    public var isAbsent: Bool { self == nil }
    public func write(to writer: inout JSONWriter) { self?.write(to: &writer) }
    public init?(_ slice: JSONSlice, in bytes: [UInt8]) {
        guard let value = Wrapped(slice, in: bytes) else { return nil }
        self = .some(value)
    }
}

extension Array: FieldValue where Element: FieldValue {
    public static var shape: FieldShape { .list(Element.shape) }
    public var isAbsent: Bool { isEmpty }
    public func write(to writer: inout JSONWriter) { writer.array(self) { $1.write(to: &$0) } }
    public init?(_ slice: JSONSlice, in bytes: [UInt8]) {
        guard slice.kind == .array else { return nil }
        var elements: [Element] = []
        var isRight = true
        try? JSONScanner.elements(of: slice, in: bytes.span) { (slice) throws(JSONError) in
            if let element = Element(slice, in: bytes) { elements.append(element) } else { isRight = false }
        }
        guard isRight else { return nil }
        self = elements
    }
}

extension FieldGroup {
    public static var shape: FieldShape { .group(FieldDescription.list(of: Self.self)) }

    public func write(to writer: inout JSONWriter) {
        var copy = self
        var encoder = FactEncoder()
        copy.visit(&encoder)
        writer.raw(encoder.finish().data)
    }

    public init?(_ slice: JSONSlice, in bytes: [UInt8]) {
        guard slice.kind == .object, var decoder = try? FactDecoder(group: slice, in: bytes) else { return nil }
        self.init()
        visit(&decoder)
        if decoder.problem != nil { return nil }
    }
}
