public import HTTP
public import Secrets

/// A provider whose accounts are opened by a grant of their owner (OAuth 2), and the client that this Daybook is there.
public struct Grantor: Sendable {
    public enum Kind: String, Sendable {
        case google, microsoft

        /// What the provider is called.
        public var name: String {
            switch self {
            case .google: "Google"
            case .microsoft: "Microsoft"
            }
        }

        /// Where the owner of an account sees whom it was opened for, and takes that back.
        public var ownersPage: String {
            switch self {
            case .google: "https://myaccount.google.com/connections"
            case .microsoft:
                "https://account.microsoft.com/privacy/app-access, or of an organisation https://myapps.microsoft.com"
            }
        }
    }

    public let kind: Kind
    public let clientID: String
    public let clientSecret: Secret?
    public let authorization: Address
    public let token: Address
    /// Where a device without a browser asks; nil where that is not offered for calendars.
    public let device: Address?
    /// Where a grant is taken back; nil where only its owner can do that.
    public let revocation: Address?
    /// Where calendars are read.
    public let base: Address
    /// Where people are read.
    public let people: Address
    /// The hosts to which tokens may be shown.
    public let origins: Set<Origin>

    /// - Parameter base: where its interface lies, if not at the usual place; then everything of it lies there.
    public init(
        _ kind: Kind, clientID: String, clientSecret: Secret?, tenant: String? = nil, base: String? = nil
    ) throws(HTTPError) {
        self.kind = kind
        self.clientID = clientID
        self.clientSecret = clientSecret
        let tenant = tenant ?? "common"
        switch kind {
        case .google:
            authorization = try Address((base ?? "https://accounts.google.com") + "/o/oauth2/v2/auth")
            token = try Address((base ?? "https://oauth2.googleapis.com") + "/token")
            revocation = try Address((base ?? "https://oauth2.googleapis.com") + "/revoke")
            // Google's flow for devices does not know calendars.
            device = nil
            self.base = try Address((base ?? "https://www.googleapis.com") + "/calendar/v3")
            people = try Address(base ?? "https://people.googleapis.com")
        case .microsoft:
            let login = (base ?? "https://login.microsoftonline.com") + "/" + tenant + "/oauth2/v2.0"
            authorization = try Address(login + "/authorize")
            token = try Address(login + "/token")
            device = try Address(login + "/devicecode")
            revocation = nil
            self.base = try Address((base ?? "https://graph.microsoft.com") + "/v1.0")
            people = self.base
        }
        origins = [self.base.origin, people.origin]
    }

    /// What is asked for: the least with which calendars, and if wanted contacts, can be read.
    public func scopes(people: Bool) -> [String] {
        switch kind {
        case .google:
            let root = "https://www.googleapis.com/auth/"
            return people
                ? [root + "contacts.readonly"]
                : [root + "calendar.events.readonly", root + "calendar.calendarlist.readonly"]
        case .microsoft:
            return ["offline_access", "User.Read"] + (people ? ["Contacts.Read"] : ["Calendars.Read"])
        }
    }

    /// Without these nothing can be read; the user may have unticked them.
    public func required(people: Bool) -> [String] {
        scopes(people: people).filter { $0 != "offline_access" && $0 != "User.Read" }
    }

    /// Whether the issuer that an answer names is this one (RFC 9207). Microsoft's names the tenant of the user.
    func isIssuer(_ text: String) -> Bool {
        let origin = authorization.origin.description
        switch kind {
        case .google: return text == origin
        case .microsoft: return text == origin || text.hasPrefix(origin + "/")
        }
    }

    public var name: String { kind.name }
}
