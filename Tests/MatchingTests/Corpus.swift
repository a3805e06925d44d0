import Children
import Foundation

/// Files of other programs, beside the project where somebody put them.
enum Corpus {
    private static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// The project may be seen through a link, so the place is sought beside each folder above.
    private static let roots = [
        project.resolvingSymlinksInPath(),
        URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent(),
    ]

    static let folder = roots.map { $0.deletingLastPathComponent().appending(path: "shared/corpus") }
        .first { FileManager.default.fileExists(atPath: $0.path) }

    static let foldingScript = roots.map { $0.appending(path: "tools/unicode/names.py") }
        .first { FileManager.default.fileExists(atPath: $0.path) }

    static func text(_ path: String) -> String? {
        folder.flatMap { try? String(contentsOf: $0.appending(path: path), encoding: .utf8) }
    }

    /// Names in contacts and of attendees, each once.
    static func names() -> [String] {
        guard let folder, let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
            return []
        }
        var names: Set<String> = []
        for case let file as URL in files where ["vcf", "ics"].contains(file.pathExtension) {
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
            for line in text.split(whereSeparator: \.isNewline) {
                if line.hasPrefix("FN"), let colon = line.firstIndex(of: ":") {
                    names.insert(String(line[line.index(after: colon)...]))
                } else if let start = line.firstRange(of: "CN=") {
                    names.insert(String(line[start.upperBound...].prefix { $0 != ";" && $0 != ":" }))
                }
            }
        }
        return names.sorted()
    }

    /// What Python makes of each line; nil without Python or with another Unicode.
    static func foldedByPython(_ lines: [String]) throws -> [String]? {
        guard let script = foldingScript,
            try run(["-c", "import unicodedata; print(unicodedata.unidata_version)"], "") == "14.0.0\n"
        else { return nil }
        let answer = try run([script.path, "fold"], lines.joined(separator: "\n") + "\n")
        return answer?.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    private static func run(_ arguments: [String], _ input: String) throws -> String? {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "matching-\(UUID().uuidString)")
        try Data(input.utf8).write(to: scratch)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let process = Child()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardInput = try FileHandle(forReadingFrom: scratch)
        let output = Pipe()
        (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(data: data, encoding: .utf8) : nil
    }
}
