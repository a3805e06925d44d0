import Application
import Arguments
import Machine
import Secrets

/// The password with which a user logs in over the network.
enum UsersPasswordVerb {
    private static let name = Positional("NAME", .text, "Whose password it is.")

    static let verb: Verb<Act> = Verb(
        "password", "Set the password with which a user logs in.",
        discussion: """
            A new user has none, and cannot log in before one is set. It has at least twelve characters of any kind, and is \
            asked for twice on a terminal. Whoever is logged in as that user is logged out. Only a hash of it is kept.
            """,
        examples: [
            Example("daybook users password Grace", "Ask for it."),
            Example("daybook users password Grace --password-file grace.txt", "Its first line."),
            Example("daybook users password Grace --password-fd 0 --json < grace.txt", "From standard input."),
        ],
        arguments: [name] + PasswordOptions.all
    ) { given, console in
        let password = try PasswordOptions.new(given)
        let answer = try console.ask(
            SetPasswordRequest(user: console.user, account: given[name], password: Confided(password)))
        if console.isJSON {
            try console.document("password", answer)
            return ExitStatus.ok
        }
        try console.line("\(Visible.text(answer.name ?? answer.user)) has a new password.")
        if answer.endedSessions > 0 {
            console.note("  Logged out: \(Amounts.count(answer.endedSessions, "session")).")
        }
        return ExitStatus.ok
    }
}

/// How a new password is told.
enum PasswordOptions {
    private static let file = Option("password-file", .file, "A file whose first line is the password.")
    private static let command = Option(
        "password-command", .text.named("COMMAND"), "A command that prints the password.")
    private static let descriptor = Option(
        "password-fd", .integer(in: 0...1_023).named("NUMBER"),
        "An open file descriptor from which the password is read; 0 is standard input.")

    static let all: [any Handle] = [file, command, descriptor]

    /// Nobody sees what they type, so whoever types it does so twice.
    static func new(_ given: Given) throws -> Secret {
        try SecretOptions.reading {
            let source = try SecretSource(
                file: given[file], command: given[command], descriptor: given[descriptor].map { Int32(clamping: $0) },
                question: "New password: ")
            let password = try source.read { Secret($0) }
            guard case .prompt = source else { return password }
            let again = try SecretSource.prompt("Once more: ").read { Secret($0) }
            guard again == password else {
                throw Refusal(.badRequest, "the two are not the same; nothing was changed")
            }
            return password
        }
    }
}
