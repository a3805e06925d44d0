import Children
import Foundation

/// A program in Python that says what others make of zones and rules. It is absent where Python or its library is.
struct Oracle {
    private let script: URL

    /// Nil if there is no Python here that has a module.
    init?(_ name: String, needs module: String) {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../tools/oracles")
        script = folder.appending(path: name).standardizedFileURL
        guard FileManager.default.fileExists(atPath: script.path),
            (try? Oracle.run(["python3", "-c", "import \(module)"]))?.code == 0
        else { return nil }
    }

    func answers(_ arguments: [String] = [], to questions: [String] = []) throws -> [Substring] {
        let file = FileManager.default.temporaryDirectory.appending(path: "oracle-\(UUID().uuidString)")
        try Data(questions.map { $0 + "\n" }.joined().utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let input = try FileHandle(forReadingFrom: file)
        let run = try Oracle.run(["python3", script.path] + arguments, input: input)
        return run.said.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    }

    private static func run(_ words: [String], input: FileHandle = .nullDevice) throws -> (code: Int32, said: String) {
        let process = Child()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = input
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }
}
