import Children
public import Foundation

/// A server that runs beside a test, as a process of its own: a real CalDAV server, an emulator, a hostile one.
///
/// It is a command that prints one line `listening on URL` when it can be asked, and ends when its standard input
/// closes, so that none outlives a test that was killed.
public final class Neighbour {
    /// Where it listens, as it said it, without a slash at the end.
    public let url: String
    private let process: Child
    private let input: Pipe

    public struct Silent: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameter command: the path of a program, relative to the root of the repository, and its arguments.
    public init(_ command: [String], environment: [String: String] = [:]) throws {
        process = Child()
        process.executableURL = Self.root.appendingPathComponent(command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = Self.root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard let url = Self.address(output.fileHandleForReading) else {
            process.terminate()
            throw Silent(description: "\(command.joined(separator: " ")) did not say where it listens")
        }
        self.url = url
    }

    deinit { stop() }

    public func stop() {
        try? input.fileHandleForWriting.close()
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }

    /// The root of the repository.
    public static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Whether there is such a program to run.
    public static func has(_ program: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (folders + ["/usr/lib/cyrus/bin", "/usr/sbin"]).contains {
            FileManager.default.isExecutableFile(atPath: $0 + "/" + program)
        }
    }

    private static func address(_ output: FileHandle) -> String? {
        var text = ""
        while true {
            let data = output.availableData
            if data.isEmpty { return nil }
            text += String(decoding: data, as: UTF8.self)
            let lines = text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1)
            for line in lines where line.hasPrefix("listening on ") {
                let url = line.dropFirst("listening on ".count).trimmingCharacters(in: .whitespaces)
                return url.hasSuffix("/") ? String(url.dropLast()) : url
            }
        }
    }
}
