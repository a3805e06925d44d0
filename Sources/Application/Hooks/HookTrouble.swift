/// Why a hook was not told, in words, and what helps.
struct HookTrouble {
    let text: String
    /// Nil where waiting is all there is to do.
    let remedy: String?

    init(_ code: String, of hook: HookRow) {
        let again = "daybook hooks remove \(hook.hook.prefix(8)), and hooks add it again"
        switch code {
        case "forbidden_address":
            text = "its address is in a private network or on a port that is not opened"
            remedy = "daybook settings set allowed-hosts HOST:PORT --home-wide, with all that are allowed"
        case "no_secret", "no_command":
            text = "what it is told with is not kept here, as after a backup was restored"
            remedy = again
        case "not_started":
            text = "the program could not be started"
            remedy = "See that \(hook.place ?? "it") is there and may be run, then: daybook jobs run deliver"
        case "untrusted":
            text = "its certificate is not trusted"
            remedy = "See to the certificate, then: daybook jobs run deliver"
        case "unresolved": (text, remedy) = ("its host has no address", nil)
        case "unreachable": (text, remedy) = ("nobody answers at its address", nil)
        case "timed_out", "too_slow", "no_answer": (text, remedy) = ("it took too long to answer", nil)
        case "cut_off", "malformed": (text, remedy) = ("its answer was cut off or could not be read", nil)
        default:
            let parts = code.split(separator: "_", maxSplits: 1)
            switch (parts.first, parts.last) {
            case ("http", let status?) where parts.count == 2: text = "it answered with \(status)"
            case ("exit", let status?) where parts.count == 2: text = "the program ended with \(status)"
            default: text = code
            }
            remedy = nil
        }
    }
}
