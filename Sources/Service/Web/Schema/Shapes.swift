/// What the types of the library say of themselves when a schema is made of them.
protocol ListShape {
    static var element: (any Decodable.Type)? { get }
    static var empty: Self { get }
}

extension Array: ListShape {
    static var element: (any Decodable.Type)? { Element.self as? any Decodable.Type }
    static var empty: [Element] { [] }
}

protocol MapShape {
    static var value: (any Decodable.Type)? { get }
    static var empty: Self { get }
}

extension Dictionary: MapShape where Key == String {
    static var value: (any Decodable.Type)? { Value.self as? any Decodable.Type }
    static var empty: [String: Value] { [:] }
}

protocol OptionalShape {
    static var wrapped: (any Decodable.Type)? { get }
    static var nothing: Self { get }
}

extension Optional: OptionalShape {
    static var wrapped: (any Decodable.Type)? { Wrapped.self as? any Decodable.Type }
    static var nothing: Wrapped? { nil }
}

/// A text out of a few: an enum that can list its cases.
func words<Word: RawRepresentable & CaseIterable>(of type: Word.Type) -> [String]? {
    let words = type.allCases.compactMap { $0.rawValue as? String }
    return words.isEmpty ? nil : words
}

func firstCase<Word: RawRepresentable & CaseIterable>(of type: Word.Type) -> Word? { type.allCases.first }
