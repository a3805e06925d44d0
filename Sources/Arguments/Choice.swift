extension ValueKind where Value == String {
    /// One word of a list.
    public static func choice(of words: [String]) -> ValueKind {
        choice(words, write: { $0 }, find: { text in words.first { $0 == text } })
    }
}

extension ValueKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One case of an enumeration, written as its raw value.
    public static func choice(of type: Value.Type) -> ValueKind {
        choice(type.allCases.map(\.rawValue), write: \.rawValue, find: { Value(rawValue: $0) })
    }
}

extension ValueKind {
    fileprivate static func choice(
        _ words: [String],
        write: @escaping @Sendable (Value) -> String,
        find: @escaping @Sendable (String) -> Value?
    ) -> ValueKind {
        let listed = inWords(words)
        return ValueKind("CHOICE", note: listed, completion: .choices(words), write: write) {
            text, _ throws(ArgumentError) in
            guard let value = find(text) else {
                let meant = Spelling.nearest(to: text, in: words).map { "Did you mean “\($0)”?" }
                throw .wants(listed, not: text, hint: meant ?? "")
            }
            return value
        }
    }
}

/// "a", "a or b", "a, b or c".
func inWords(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "nothing" }
    return words.dropLast().joined(separator: ", ") + " or " + last
}
