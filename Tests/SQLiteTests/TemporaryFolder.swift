import Children
import Foundation
import SQLite

/// Lends a folder of its own, which is gone afterwards.
func withFolder<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sqlite-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

func byteCount(_ path: String) -> Int? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
}

/// SQLite's own tool: a second process that knows nothing of ours.
enum SQLiteTool {
    static let path = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3", "/bin/sqlite3"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    static var isThere: Bool { path != nil }

    static func run(_ database: String, _ sql: String) throws -> (code: Int32, said: String) {
        let process = Child()
        let pipe = Pipe()
        process.executableURL = URL(filePath: path ?? "")
        process.arguments = ["-batch", database, sql]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }
}

extension Connection {
    /// The first column of the first row, as text.
    func answer(_ sql: String) throws -> String? { try compile(sql).first { $0.text(0) } }

    func count(_ table: String) throws -> Int64? {
        try compile("SELECT count(*) FROM \(table)").first { $0.integer(0) }
    }
}
