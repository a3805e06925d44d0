import Application
import Arguments
import Machine
import Secrets

/// How the user name and the password of a server are told. A password is no option: whoever lists the processes would
/// read it.
enum SecretOptions {
    static let login = Option("login", short: "l", .text.named("NAME"), "The user name there.")
    private static let file = Option("password-file", .file, "A file whose first line is the password.")
    private static let command = Option(
        "password-command", .text.named("COMMAND"), "A command that prints the password, as “pass show dav”.")
    private static let descriptor = Option(
        "password-fd", .integer(in: 0...1_023).named("NUMBER"),
        "An open file descriptor from which the password is read.")
    static let authorities = Option(
        "authorities", .file, "A file of certificates (PEM) that are trusted beside those of the system.")

    static let all: [any Handle] = [login, file, command, descriptor, authorities]

    /// Whether it was said where a password comes from.
    static func isGiven(_ given: Given) -> Bool {
        given[file] != nil || given[command] != nil || given[descriptor] != nil || given[login] != nil
    }

    static func password(_ given: Given) throws -> Secret { try ask("Password: ", given) }

    /// What was told, or else is asked for now.
    static func ask(_ question: String, _ given: Given) throws -> Secret {
        try reading {
            let source = try SecretSource(
                file: given[file], command: given[command], descriptor: given[descriptor].map { Int32(clamping: $0) },
                question: question)
            return try source.read { Secret($0) }
        }
    }

    /// A file that was named and is not there, or that others can read, is a mistake in the command line.
    static func reading<Answer>(_ body: () throws -> Answer) throws -> Answer {
        do {
            return try body()
        } catch let error as SecretSourceError {
            throw Refusal(error == .interrupted ? .interrupted : .badRequest, "\(error)")
        } catch let error as MachineError where !error.isInterrupted {
            throw Refusal(.badRequest, "\(error)")
        }
    }

    /// A line that may be seen, from the terminal or from whatever stands in its place.
    static func line(_ question: String) throws -> Secret {
        try Terminal.write(question, to: .error)
        var bytes: [UInt8] = []
        while !bytes.contains(10), bytes.count < SecretSource.longest {
            let more = try Terminal.read(upTo: 4_096)
            if more.isEmpty { break }
            bytes += more
        }
        let line = bytes.prefix { $0 != 10 && $0 != 13 }
        guard !line.isEmpty else { throw Refusal(.badRequest, "nothing was answered") }
        return Secret(Array(line))
    }
}
