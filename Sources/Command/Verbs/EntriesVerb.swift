import Application
import Arguments
import Entries

enum EntriesVerb {
    static let type = Positional.optional("TYPE", typeName, "One type, as activity.logged.")

    /// Any word, so that a wrong one is answered by the verb; a shell offers the right ones.
    private static let typeName = ValueKind<String>(
        "TYPE", completion: .choices(Vocabulary.facts.map { $0.type })
    ) { (text, _) throws(ArgumentError) in text }
    static let markdown = Flag("markdown", "The whole vocabulary as a document.", isHidden: true)

    static let verb: Verb<Act> = Verb(
        "entries", "The types of entries that there are, and their fields.",
        examples: [
            Example("daybook entries", "Every type, with what it means."),
            Example("daybook entries activity.logged", "The fields of one type."),
        ],
        arguments: [type, markdown]
    ) { given, console in
        if given[markdown] {
            try console.write(Vocabulary.markdown)
            return ExitStatus.ok
        }
        if let name = given[type] { return try show(name, console) }
        if console.isJSON {
            try console.document("vocabulary", ["types": Vocabulary.facts.map { TypeAnswer($0.type) }])
            return ExitStatus.ok
        }
        var table = Table([.init(heading: "type") { $0.name($1) }, .init(heading: "meaning", wraps: true)])
        for fact in Vocabulary.facts { table.add([fact.type, fact.meaning]) }
        try console.table(table)
        return ExitStatus.ok
    }

    private static func show(_ name: String, _ console: Console) throws -> Int32 {
        guard let fact = Vocabulary.type(name) else {
            throw Refusal(.notFound, UnknownType(type: name).description, hint: "“daybook entries” lists the types.")
        }
        if console.isJSON {
            try console.document("vocabulary", ["types": [TypeAnswer(name)]])
            return ExitStatus.ok
        }
        try console.line(console.style.bold(name))
        try console.line(fact.meaning)
        try console.line()
        var table = Table([
            .init(heading: "field") { $0.name($1) }, .init(heading: "part"), .init(heading: "holds"),
            .init(heading: "meaning", wraps: true),
        ])
        for field in Vocabulary.fields(of: name) ?? [] {
            table.add([
                field.name, field.place.rawValue, field.shape.words + (field.isOptional ? ", or none" : ""),
                field.meaning,
            ])
        }
        try console.table(table)
        return ExitStatus.ok
    }

    private struct TypeAnswer: Encodable {
        let type: String
        let meaning: String
        let fields: [FieldAnswer]

        init(_ name: String) {
            type = name
            meaning = Vocabulary.type(name)?.meaning ?? ""
            fields = (Vocabulary.fields(of: name) ?? []).map {
                FieldAnswer(
                    name: $0.name, part: $0.place.rawValue, holds: $0.shape.words, isOptional: $0.isOptional,
                    meaning: $0.meaning)
            }
        }
    }

    private struct FieldAnswer: Encodable {
        let name, part, holds: String
        let isOptional: Bool
        let meaning: String
    }
}
