public import HTTP

/// Why there is no access, and the one thing that mends it.
public struct OAuthFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// What was granted is over: revoked, expired, replaced. The connection is kept and its user must connect again.
        case needsReconnect = "needs_reconnect"
        /// The user said no, or not to all of it.
        case declined
        /// Only the administrator of an organization can change it.
        case needsAdministrator = "needs_administrator"
        /// The app is not registered as it should be: its id, secret, addresses or tenant.
        case badApp = "bad_app"
        /// The answer belongs to no sign-in that was begun here, or comes too late.
        case badAnswer = "bad_answer"
        /// It may pass.
        case transient
    }

    public let kind: Kind
    /// The provider's own code for it, as `invalid_grant` or `AADSTS65001`, or a word of ours.
    public let code: String
    /// What happened, in words for a person. Nothing of an answer is repeated but codes.
    public let message: String
    /// The next step, with the command to type.
    public let remedy: String
    public var retryAfterMilliseconds: Int64?
    /// Why the provider could not be asked at all, where that is so.
    public var network: HTTPError?

    init(_ kind: Kind, _ code: String, _ message: String, _ remedy: OAuthRemedy, _ provider: OAuthProvider.Name) {
        self.kind = kind
        self.code = code
        self.message = message
        self.remedy = remedy.text(for: provider)
    }

    public var description: String { "\(message) \(remedy)" }
}

/// What a person does about a failure.
enum OAuthRemedy {
    case connect, connectInTime, connectAndTick, connectWithBrowser, connectWithTenant
    case giveApp, registerRedirect, registerDesktop, askAdministrator, wait

    func text(for provider: OAuthProvider.Name) -> String {
        let connect = "daybook connect \(provider.rawValue)"
        switch self {
        case .connect: return "Connect again: \(connect)"
        case .connectInTime: return "Start again, and finish within ten minutes: \(connect)"
        case .connectAndTick: return "Connect again, and leave the boxes for the calendars ticked: \(connect)"
        case .connectWithBrowser: return "Sign in with a browser on this machine, or through a tunnel: \(connect)"
        case .connectWithTenant: return "Name the tenant of your organization: \(connect) --tenant TENANT"
        case .giveApp:
            return
                "Look up the app where you registered it, and give its id and secret again: \(connect) --client-id ID "
                + "--client-secret-file FILE"
        case .registerRedirect:
            let address = provider == .google ? "" : " with the redirect address http://localhost/\(provider.rawValue)"
            return "Register the app as one for desktops\(address), and then: \(connect)"
        case .registerDesktop:
            return "Allow public client flows for the app where you registered it, and then: \(connect)"
        case .askAdministrator:
            return "Ask the administrator of your organization to allow the app, and then: \(connect)"
        case .wait: return "It is tried again by itself; or at once: daybook sync"
        }
    }
}
