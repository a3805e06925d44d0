import Children
import Foundation

/// A shell of this machine, which the tests let read the scripts.
struct Shell {
    let path: String

    /// Nil where the shell is not installed.
    init?(_ name: String) {
        let paths = ["/bin/\(name)", "/usr/bin/\(name)", "/usr/local/bin/\(name)"]
        guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
        self.path = path
    }

    /// Runs a script that stands in a file of its own, and gives back how it ended and all that it said.
    func run(_ arguments: [String] = [], script: String, in folder: URL? = nil) throws -> (code: Int32, said: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "arguments-\(UUID().uuidString)")
        try Data(script.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Child()
        let pipe = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments + [file.path]
        process.currentDirectoryURL = folder
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }
}
