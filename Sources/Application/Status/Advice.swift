import Entries

/// What helps against a reading that failed, as a command wherever there is one.
struct Advice {
    let connection: String
    let provider: Provider

    func text(_ errorClass: ErrorClass, _ code: String?) -> String {
        switch errorClass {
        case .auth: "Connect it again; what is known of it stays: \(reconnect)"
        case .rate: "Nothing: it is read again by itself, more slowly."
        case .transient: "Usually nothing. To try at once: \(sync)"
        case .permanent: permanent(code)
        }
    }

    /// Only what a person has to do; nil where waiting helps.
    func needed(_ errorClass: ErrorClass, _ code: String?) -> String? {
        switch errorClass {
        case .auth: reconnect
        case .rate, .transient: nil
        case .permanent: permanent(code)
        }
    }

    /// By the beginning of its id, which a shell takes as it stands.
    var reconnect: String { "daybook connections reconnect \(connection.prefix(8))" }

    /// Where the secret itself is lost: that of a feed is its address.
    var renewal: String { provider == .feed ? reconnect + " --new-address" : reconnect }

    private var sync: String { "daybook sync --connection \(connection.prefix(8))" }

    private func permanent(_ code: String?) -> String {
        switch code {
        case "missing", "unreadable", "no_file", "no_calendar", "no_contacts":
            "See that the file or folder is there and can be read, then: \(sync)"
        case "forbidden_address":
            "If it is a server of your own: daybook settings set allowed-hosts HOST,… --home-wide, with all that are allowed"
        case "calendar_gone": "If it is gone for good: daybook calendars drop NAME"
        case "no_secret": renewal
        case "no_vault": "Put back a copy of vault.db, or move it away and connect everything again."
        case "no_client", "bad_client": provider.registering
        // A file needs no server that could be tried.
        case _ where provider == .files: "Look at it, then: \(sync)"
        default: "Look at it, then: daybook connections test \(connection.prefix(8))"
        }
    }
}
