import Application
import Arguments
import Machine

/// Where a verb takes a password or a token from. None of the options is the password itself: every user of the machine can
/// read the words of a command line, and shells keep them.
enum PasswordOptions {
    private static let file = Option(
        "password-file", .file, "The password is the first line of this file, which only you can read.")
    private static let command = Option(
        "password-command", .text.named("COMMAND"),
        "The password is the first line that this command prints, as “pass show calendar”.")
    private static let descriptor = Option(
        "password-fd", .integer(in: 0...65_535).named("NUMBER"),
        "The password is the first line of this open file, as in: --password-fd 3 3< FILE")

    /// For the arguments of a verb. Without any of them the person is asked, and does not see what they type.
    static var all: [any Handle] { [file, command, descriptor] }

    /// Lends the password, and wipes it afterwards.
    static func read<Answer>(_ given: Given, question: String, _ use: ([UInt8]) throws -> Answer) throws -> Answer {
        do {
            return try SecretSource(
                file: given[file], command: given[command], descriptor: given[descriptor].map { Int32($0) },
                question: question
            ).read(use)
        } catch let error as SecretSourceError {
            if error == .interrupted { throw Refusal(.interrupted, "stopped") }
            throw Refusal(.badRequest, "\(error)")
        } catch let error as MachineError {
            throw Refusal(.badRequest, "the password cannot be read: \(error)")
        }
    }
}
