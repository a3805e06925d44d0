import Entries
import Foundation
import Testing

@testable import Projections

/// The projections that are part of the program.
@Suite struct ShippedTests {
    /// The files as they lie in the folder; each must be named in Package.swift and in Embedded.swift.
    @Test func `every file of the folder is in the program, to the byte, and nothing else is`() throws {
        let folder = packageFolder + "/projections"
        let onDisk = try [ProjectionFile](folder: folder)
        let embedded = try [ProjectionFile].embedded()
        #expect(onDisk.map(\.name) == embedded.map(\.name))
        for (file, other) in zip(onDisk, embedded) { #expect(file == other, "\(file.name)") }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(names == embedded.map { $0.name + ".sql" })
    }

    @Test func `all of them are sound, and say what they answer`() throws {
        for projection in try shippedProjections() {
            #expect(!projection.tables.isEmpty)
            let question = projection.file.description.prefix { $0 != "?" }
            #expect(question.count < projection.file.description.count, "\(projection.name) asks nothing")
        }
    }

    /// The types that some part names.
    private func read() throws -> Set<String> {
        Set(
            try shippedProjections().flatMap(\.file.parts).compactMap { part in
                switch part.trigger {
                case .every: nil
                case .type(let type), .element(let type, _): type
                }
            })
    }

    @Test(arguments: Vocabulary.facts.map { $0.type })
    func `every type is read by some view, or is listed as read by none with a reason`(_ type: String) throws {
        let reason = Unread.reasons[type]
        if try read().contains(type) {
            #expect(reason == nil, "it is read, and listed as if it were not")
        } else {
            let words = try #require(reason, "no view reads it, and nobody says why")
            #expect(words.count > 20 && words.hasSuffix("."))
        }
    }

    @Test func `no type is listed that there is not`() {
        for type in Unread.reasons.keys { #expect(Vocabulary.type(type) != nil, "\(type)") }
    }

    @Test(arguments: ["INSERT OR", "REPLACE INTO", "AUTOINCREMENT", "rowid", "->>", "json_", "IFNULL", "GLOB"])
    func `they keep to SQL that PostgreSQL shares`(_ word: String) throws {
        for projection in try shippedProjections() {
            for part in [projection.file.schema] + projection.file.parts {
                let sql = part.sql.split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n")
                    .split(separator: "WITHOUT ROWID").joined()
                #expect(sql.range(of: word, options: .caseInsensitive) == nil, "\(projection.name), line \(part.line)")
            }
        }
    }

    @Test func `every column that holds something personal can be NULL`() throws {
        // What was erased is NULL: a view that refuses it could not be posted again.
        let book = try Book()
        let bare = Vocabulary.facts.filter { !["personal.erased"].contains($0.type) }
        for fact in bare { try withoutPersonal(fact, book) }
        #expect(try book.file.mark()?.position == Int64(bare.count))
    }

    private func withoutPersonal<SomeFact: Fact>(_ type: SomeFact.Type, _ book: Book) throws {
        let content = SomeFact().encoded()
        try book.writer.writeRaw(type: type.type, data: String(decoding: content.data, as: UTF8.self))
        try book.follow()
    }
}
