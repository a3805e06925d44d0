import Testing

@testable import Entries

@Suite struct VocabularyTests {
    @Test func `no type is in the vocabulary twice`() {
        let types = Vocabulary.facts.map { $0.type }
        #expect(Set(types).count == types.count)
    }

    @Test(arguments: Vocabulary.facts.map { $0.type })
    func `a type is a noun and a past participle`(type: String) {
        let words = type.split(separator: ".", omittingEmptySubsequences: false)
        #expect(words.count == 2)
        #expect(words.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isLowercase } })
        let participle = String(words.last ?? "")
        let irregular: Set = ["chosen", "found", "made", "seen", "undone", "withdrawn", "written", "forbidden"]
        #expect(participle.hasSuffix("ed") || irregular.contains(participle))
    }

    @Test(arguments: Vocabulary.facts.map { $0.type })
    func `a type and all its fields say in sentences what they mean`(type: String) throws {
        let fact = try #require(Vocabulary.type(type))
        #expect(isSentence(fact.meaning))
        let fields = try #require(Vocabulary.fields(of: type))
        #expect(!fields.isEmpty)
        for field in withInnerFields(fields) { #expect(isSentence(field.meaning), "\(field.name)") }
    }

    @Test(arguments: Vocabulary.facts.map { $0.type })
    func `no field is named twice, or as the header is`(type: String) throws {
        let names = try #require(Vocabulary.fields(of: type)).map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Set(names).isDisjoint(with: Self.headerNames))
    }

    @Test(arguments: Vocabulary.facts.map { $0.type })
    func `a name is whole words in small letters`(type: String) throws {
        for field in withInnerFields(try #require(Vocabulary.fields(of: type))) {
            let words = field.name.split(separator: "_", omittingEmptySubsequences: false)
            #expect(words.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isLowercase } }, "\(field.name)")
        }
    }

    @Test(arguments: Vocabulary.facts.map { $0.type })
    func `what tells about a person is personal`(type: String) throws {
        for field in withInnerFields(try #require(Vocabulary.fields(of: type))) where field.place == .data {
            // The note of a checkpoint is a signed note: origin, size, root and signatures.
            if type == CheckpointSigned.type && field.name == "note" { continue }
            let words = Set(field.name.split(separator: "_").map(String.init))
            #expect(words.isDisjoint(with: Self.personalWords), "\(field.name)")
        }
    }

    @Test(arguments: Vocabulary.facts.map { $0.type })
    func `no field is named after a secret`(type: String) throws {
        for field in withInnerFields(try #require(Vocabulary.fields(of: type))) where field.name != "token" {
            let words = Set(field.name.split(separator: "_").map(String.init))
            #expect(words.isDisjoint(with: ["password", "secret", "token", "bearer", "cookie"]), "\(field.name)")
        }
    }

    @Test(arguments: Vocabulary.facts.map { $0.type })
    func `a change can leave everything as it was, and can empty`(type: String) throws {
        guard type.hasSuffix(".changed"), !["setting.changed", "password.changed"].contains(type) else { return }
        let fields = try #require(Vocabulary.fields(of: type))
        #expect(fields.contains { $0.name == "cleared" && $0.shape == .list(.text) && $0.place == .data })
        let required = fields.filter { !$0.isOptional && $0.place == .data }.map(\.name)
        #expect(Set(required).isSubset(of: ["user", "connection", "calendar", "series", "meeting", "person"]))
    }

    @Test(arguments: Vocabulary.facts.map { $0.type })
    func `a filled fact reads back as it was written`(type: String) throws {
        let fact = try #require(Vocabulary.type(type))
        try expectRoundTrip(of: fact)
    }

    @Test(arguments: Vocabulary.facts.map { $0.type })
    func `a fact whose personal half is erased still reads`(type: String) throws {
        let fact = try #require(Vocabulary.type(type))
        try expectReadableWhenErased(fact)
    }

    @Test func `one name is of one kind everywhere`() throws {
        var shapes: [String: (type: String, shape: FieldShape)] = [:]
        for fact in Vocabulary.facts {
            for field in try #require(Vocabulary.fields(of: fact.type)) {
                let shape = kind(field.shape)
                if let other = shapes[field.name] {
                    #expect(other.shape == shape, "\(field.name) in \(fact.type) and \(other.type)")
                } else {
                    shapes[field.name] = (fact.type, shape)
                }
            }
        }
    }

    private static let headerNames: Set = [
        "position", "stream", "version", "type", "owner", "cause", "actor", "key", "at", "day",
    ]

    private static let personalWords: Set = [
        "name", "names", "title", "description", "location", "email", "emails", "url", "link", "note", "path",
        "message", "login", "phone", "phones", "organization",
    ]

    private func isSentence(_ text: String) -> Bool {
        text.first?.isUppercase == true && text.last == "." && !text.contains("  ") && !text.contains("\n")
    }

    private func expectRoundTrip<SomeFact: Fact>(of type: SomeFact.Type) throws {
        let fact = filled(type)
        let content = fact.encoded()
        #expect(try SomeFact(content) == fact)
        #expect(try Vocabulary.checked(type: SomeFact.type, content: content) == content)
        let anyFact = try Vocabulary.fact(type: SomeFact.type, content: content)
        #expect(anyFact as? SomeFact == fact)
    }

    private func expectReadableWhenErased<SomeFact: Fact>(_ type: SomeFact.Type) throws {
        let content = filled(type).encoded()
        let erased = try SomeFact(Content(data: content.data, personal: nil))
        #expect(erased.encoded().data == content.data)
    }

    private func filled<SomeFact: Fact>(_ type: SomeFact.Type) -> SomeFact {
        var filler = Filler()
        var fact = SomeFact()
        fact.visit(&filler)
        return fact
    }

    /// The fields of lists of groups stand where the list stands.
    private func withInnerFields(_ fields: [FieldDescription]) -> [FieldDescription] {
        fields.flatMap { field -> [FieldDescription] in
            guard case .list(.group(let inner)) = field.shape else { return [field] }
            return [field]
                + inner.map {
                    FieldDescription(name: $0.name, place: field.place, shape: $0.shape, meaning: $0.meaning)
                }
        }
    }

    /// A field may be optional in one type and not in another, and choose from other words.
    private func kind(_ shape: FieldShape) -> FieldShape {
        switch shape {
        case .optional(let inner): kind(inner)
        case .word: .text
        default: shape
        }
    }
}

/// Puts something into every field that differs from what an empty fact holds.
private struct Filler: FieldVisitor {
    private var count: Int64 = 1000

    mutating func field<Value: FieldValue>(_ name: String, _ value: inout Value, _ place: Place, _ meaning: String) {
        guard let filled = sample(Value.shape, name), let read = read(Value.self, filled) else {
            Issue.record("\(name) cannot be filled")
            return
        }
        value = read
    }

    /// JSON of the shape.
    private mutating func sample(_ shape: FieldShape, _ name: String) -> String? {
        count += 1
        switch shape {
        case .integer: return "\(count)"
        case .boolean: return "true"
        case .text: return "\"\(name) “\(count)” \\\"\\u0000\\n🗓\""
        case .word(let words): return words.last.map { "\"\($0)\"" }
        case .optional(let inner): return sample(inner, name)
        case .list(let element):
            guard let first = sample(element, name), let second = sample(element, name) else { return nil }
            return "[\(first),\(second)]"
        case .group(let fields):
            var members: [String] = []
            for field in fields {
                guard let value = sample(field.shape, field.name) else { return nil }
                members.append("\"\(field.name)\":\(value)")
            }
            return "{" + members.joined(separator: ",") + "}"
        }
    }

    private func read<Value: FieldValue>(_ type: Value.Type, _ json: String) -> Value? {
        let bytes = Array("{\"it\":\(json)}".utf8)
        var value: Value?
        try? JSONScanner.members(of: bytes.span) { (_, slice) throws(JSONError) in
            value = Value(slice, in: bytes)
        }
        return value
    }
}
