import Entries
import Foundation
import Rehearsal
import SQLite
import Secrets

@testable import Ledger

/// Lends a folder of its own, which is gone afterwards.
func withFolder<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ledger-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

/// As `withFolder`, for what waits.
func withAsyncFolder<Result>(_ body: (_ path: String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ledger-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

extension LedgerWriter {
    static func given(_ drafts: [Draft] = [], seed: UInt64 = 1) throws -> LedgerWriter {
        let writer = try LedgerWriter.inMemory(.rehearsed(seed: seed))
        if !drafts.isEmpty { try writer.append(drafts) }
        return writer
    }

    static func given(at path: String, _ drafts: [Draft] = [], seed: UInt64 = 1) throws -> LedgerWriter {
        let writer = try LedgerWriter.create(at: path, .rehearsed(seed: seed))
        if !drafts.isEmpty { try writer.append(drafts) }
        return writer
    }

    /// All of it in one file, with no log beside it.
    func putIntoOneFile() throws { try connection.checkpoint(.truncate) }
}

extension Draft {
    /// A small entry.
    static func setting(
        _ name: String, personal: String? = nil, stream: String = "home", owner: String = Draft.home,
        actor: String = "test", cause: Int64? = nil, key: [UInt8]? = nil, expecting version: Int64? = nil
    ) -> Draft {
        var fact = SettingChanged()
        fact.setting = name
        fact.personalValue = personal
        return Draft(
            fact, stream: stream, owner: owner, actor: actor, cause: cause, key: key, expectedVersion: version)
    }

    static func settings(_ count: Int) -> [Draft] { (0..<count).map { .setting("s\($0)", stream: "user/\($0 % 7)") } }

    /// Entries with everything that an entry can have.
    static let mixed: [Draft] = (0..<20).map { index in
        .setting(
            "s\(index)", personal: index.isMultiple(of: 3) ? "Ada \(index)" : nil, stream: "user/\(index % 4)",
            owner: "u\(index % 2)", actor: index.isMultiple(of: 5) ? "match/1" : "test",
            cause: index.isMultiple(of: 4) && index > 0 ? Int64(index) : nil,
            key: index.isMultiple(of: 6) ? [UInt8](repeating: UInt8(index), count: 16) : nil)
    }
}

/// Somebody who has the file, knows the tables, and can lay the triggers aside.
struct Attacker {
    let connection: Connection

    init(_ path: String) throws {
        connection = try Connection(path: path, as: .scratch)
        // So that it can be taken back.
        try connection.execute("PRAGMA journal_mode = MEMORY")
    }

    /// Runs a statement as if there were no triggers, and puts them back.
    func alter(_ sql: String, _ values: [Value] = []) throws {
        try connection.transaction {
            try withoutTriggers { try run(sql, values) }
        }
    }

    func run(_ sql: String, _ values: [Value] = []) throws {
        let statement = try connection.compile(sql)
        for (index, value) in values.enumerated() { statement.bind(value, at: index + 1) }
        try statement.run()
    }

    func withoutTriggers(_ body: () throws -> Void) throws {
        let names = try connection.compile("SELECT name FROM sqlite_schema WHERE type = 'trigger'").map { $0.text(0) }
        for name in names { try connection.execute("DROP TRIGGER \(name)") }
        try body()
        try connection.execute(Schema.triggers)
    }

    /// What a look at the ledger finds after a statement, which is then taken back.
    func findings(after sql: String, _ values: [Value] = []) throws -> [Verification.Finding] {
        struct TakeBack: Error {}
        var findings: [Verification.Finding] = []
        do {
            try connection.transaction {
                try withoutTriggers { try run(sql, values) }
                findings = try LedgerReader(connection: connection).verify().findings
                throw TakeBack()
            }
        } catch is TakeBack {}
        return findings
    }
}
