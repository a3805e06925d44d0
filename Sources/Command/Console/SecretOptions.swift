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
        do {
            if let path = given[file] { return try secret(SecretInput.file(path), "the file \(path)") }
            if let text = given[command] { return try secret(SecretInput.command(text), "the command") }
            if let number = given[descriptor] {
                return try secret(SecretInput.descriptor(Int32(clamping: number)), "file descriptor \(number)")
            }
        } catch let error as MachineError {
            throw Refusal(
                .badRequest, "\(error)",
                hint: error.isForbidden ? "Close it to others: chmod 600" : nil)
        }
        guard Terminal.isTerminal(.input) else {
            throw Refusal(
                .badRequest, "there is nobody to ask for the password",
                hint: "Say where it comes from: --password-file, --password-command or --password-fd")
        }
        return try secret(SecretInput.prompt(question), "the answer")
    }

    /// A line that may be seen, from the terminal or from whatever stands in its place.
    static func line(_ question: String) throws -> Secret { try secret(SecretInput.line(question), "the answer") }

    private static func secret(_ bytes: [UInt8], _ origin: String) throws -> Secret {
        guard !bytes.isEmpty else { throw Refusal(.badRequest, "\(origin) is empty") }
        return Secret(bytes)
    }
}
