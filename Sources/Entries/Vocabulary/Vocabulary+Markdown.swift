extension Vocabulary {
    /// The whole vocabulary as a document: docs/entries.md is this text.
    public static var markdown: String {
        let types = facts.map { "| [`\($0.type)`](#\($0.type.filter { $0 != "." })) | \($0.meaning) |\n" }.joined()
        let sections = facts.map { section($0) }.joined()
        return """
            # The entries

            Everything that Daybook knows is in these entries. Each is one fact: what it is about (its stream), what \
            happened (its type), and two JSON objects. `data` may be kept for ever; `personal` holds what tells about a \
            person, and can be erased later without breaking a proof. Entries are forever: a field may be added if it is \
            optional, and a type may be added; nothing is renamed and no meaning changes.

            Instants are whole numbers of milliseconds since 1970 in UTC, days are texts as `2026-11-21`, and an id tells \
            nothing about anybody. A field that has nothing to say is absent.

            This page is made from the vocabulary itself: `daybook entries --markdown`.

            | type | when it is written, and what it means |
            |---|---|
            \(types)\(sections)
            """
    }

    private static func section(_ fact: any Fact.Type) -> String {
        let rows = (fields(of: fact.type) ?? []).map { field in
            "| `\(field.name)` | \(field.place.rawValue) | \(field.shape.words)\(field.isOptional ? ", or none" : "") | \(field.meaning) |\n"
        }.joined()
        return """

            ## \(fact.type)

            \(fact.meaning)

            | field | part | holds | meaning |
            |---|---|---|---|
            \(rows)
            """
    }
}
