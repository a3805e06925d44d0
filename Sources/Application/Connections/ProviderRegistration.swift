import Entries
import FoundationEssentials
import HTTP
import Projections
import Providers
import SQLite
import Secrets
import Vault

/// What Google or Microsoft know this Daybook as: the client that its owner registered there. Kept in the vault, for the
/// whole home.
struct ProviderRegistration: Sendable {
    var clientID: String
    /// Google gives one to every client; a public client of Microsoft has none.
    var clientSecret: Secret?
    /// Of Microsoft: whose accounts may connect; `common` is everybody's.
    var tenant: String?
    /// Where its interface lies, if not where it does for everybody: a national cloud, or an emulator.
    var base: String?

    private struct Record: Codable {
        var clientID: String
        var clientSecret: String?
        var tenant: String?
        var base: String?
    }

    private static let owner = "home"
    private static let record = "registration"

    private static func place(_ provider: Provider) -> String { "provider/\(provider.rawValue)" }

    static func load(_ provider: Provider, _ vault: Vault) throws -> ProviderRegistration? {
        guard let secret = try vault.get(owner: owner, connection: place(provider), name: record) else { return nil }
        return try secret.revealBytes { bytes in
            let record = try JSONDecoder().decode(Record.self, from: Data(bytes))
            return ProviderRegistration(
                clientID: record.clientID, clientSecret: record.clientSecret.map { Secret($0) }, tenant: record.tenant,
                base: record.base)
        }
    }

    func save(_ provider: Provider, _ vault: Vault) throws {
        let secret = clientSecret.map { $0.reveal { $0 } }
        let record = Record(clientID: clientID, clientSecret: secret, tenant: tenant, base: base)
        try vault.put(
            Secret(Array(try JSONEncoder().encode(record))), owner: Self.owner, connection: Self.place(provider),
            name: Self.record)
    }

    /// Refuses what nothing could ever be asked with.
    func check(_ provider: Provider) throws {
        let isPlain = tenant?.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46].contains(byte)
        }
        if let tenant, tenant.isEmpty || isPlain == false {
            throw Refusal(
                .badRequest, "“\(tenant)” is no tenant",
                hint: "It is the id of a directory, its domain, or one of: common, organizations, consumers.")
        }
        guard let kind = Grantor.Kind(rawValue: provider.rawValue) else { return }
        do {
            _ = try Grantor(kind, clientID: clientID, clientSecret: clientSecret, tenant: tenant, base: base)
        } catch {
            throw Refusal(
                .badRequest, "“\(base ?? "")” is no address of an interface: \(error.message.asClause)",
                hint: "As in: --base-url https://graph.microsoft.us")
        }
    }

    static func destroy(_ provider: Provider, _ vault: Vault) throws {
        try vault.destroy(owner: owner, connection: place(provider))
    }
}

/// Tells Daybook the client that was registered with Google or Microsoft.
public struct SetProviderRequest: Request {
    public static let name = "set_provider"

    public struct Answer: Codable, Sendable {
        public let provider: String
        /// As a person writes it.
        public let title: String
        public let clientID: String
        public let hasSecret: Bool
        public let tenant: String?
        public let base: String?
        /// The connections that were granted by it, of all users.
        public let connections: Int64
        /// What was known in its place; nil where it is the first, or the same.
        public let replaced: Replaced?
    }

    public struct Replaced: Codable, Sendable {
        public let clientID: String
        public let tenant: String?
        public let base: String?
    }

    public var user: String?
    public var provider: String
    public var clientID: String
    public var clientSecret: Confided?
    public var tenant: String?
    public var base: String?

    public init(user: String?, provider: String, clientID: String) {
        self.user = user
        self.provider = provider
        self.clientID = clientID
    }

    public func answer(in home: OpenHome) throws -> Answer {
        try home.requireAdmin(user)
        let provider = try Provider.granted(provider)
        guard !clientID.isEmpty, !clientID.contains(where: \.isWhitespace) else {
            throw Refusal(.badRequest, "“\(clientID)” is no client id")
        }
        if provider == .google, clientSecret == nil {
            throw Refusal(
                .badRequest, "Google gives every client a secret, and wants it with every grant",
                hint: "Give its file: --client-secret-file FILE")
        }
        if provider == .google, tenant != nil {
            throw Refusal(.badRequest, "Google has no tenants", hint: "Leave --tenant out.")
        }
        let registration = ProviderRegistration(
            clientID: clientID, clientSecret: clientSecret?.secret, tenant: tenant, base: base)
        try registration.check(provider)
        let before = try ProviderRegistration.load(provider, home.vault())
        try registration.save(provider, home.vault())
        return try Answer(provider, registration, replacing: before, connections: home.connections(grantedBy: provider))
    }
}

/// The clients that were registered; no secret is shown.
public struct ProvidersRequest: Request {
    public static let name = "providers"

    public struct Answer: Codable, Sendable {
        public let providers: [SetProviderRequest.Answer]
    }

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        try home.requireAdmin(user)
        let vault = try home.vault()
        return Answer(
            providers: try [Provider.google, .microsoft].compactMap { provider in
                try ProviderRegistration.load(provider, vault).map {
                    try SetProviderRequest.Answer(
                        provider, $0, replacing: nil, connections: home.connections(grantedBy: provider))
                }
            })
    }
}

/// Forgets a client. What was granted to it cannot be read any more.
public struct RemoveProviderRequest: Request {
    public static let name = "remove_provider"

    public struct Answer: Codable, Sendable {
        public let provider: String
        /// As a person writes it.
        public let title: String
        /// Nil where none was known.
        public let clientID: String?
        /// The names of the connections, of all users, that cannot be read without it.
        public let connections: [String]
        public let removed: Bool
        public let isDryRun: Bool
    }

    public var user: String?
    public var provider: String
    public var isDryRun = false

    public init(user: String?, provider: String) {
        self.user = user
        self.provider = provider
    }

    public func answer(in home: OpenHome) throws -> Answer {
        try home.requireAdmin(user)
        let provider = try Provider.granted(provider)
        let known = try ProviderRegistration.load(provider, home.vault())
        let connections = try known == nil ? [] : home.connections(grantedBy: provider)
        if known != nil, !isDryRun { try ProviderRegistration.destroy(provider, home.vault()) }
        return Answer(
            provider: provider.rawValue, title: provider.title, clientID: known?.clientID, connections: connections,
            removed: known != nil && !isDryRun, isDryRun: isDryRun)
    }
}

extension SetProviderRequest.Answer {
    init(
        _ provider: Provider, _ registration: ProviderRegistration, replacing before: ProviderRegistration?,
        connections: [String]
    ) {
        let isOther =
            before.map {
                $0.clientID != registration.clientID || $0.tenant != registration.tenant || $0.base != registration.base
            } ?? false
        self.init(
            provider: provider.rawValue, title: provider.title, clientID: registration.clientID,
            hasSecret: registration.clientSecret != nil,
            tenant: registration.tenant, base: registration.base, connections: Int64(connections.count),
            replaced: isOther ? before.map { .init(clientID: $0.clientID, tenant: $0.tenant, base: $0.base) } : nil)
    }
}

extension Provider {
    /// One whose accounts are opened by a grant.
    static func granted(_ name: String) throws -> Provider {
        guard let provider = Provider(rawValue: name), provider == .google || provider == .microsoft else {
            throw Refusal(.badRequest, "there is no provider “\(name)”", hint: "There is: google, microsoft.")
        }
        return provider
    }

    /// As a person writes it.
    var title: String {
        switch self {
        case .google: "Google"
        case .microsoft: "Microsoft"
        default: rawValue
        }
    }

    /// How a client of it is told to Daybook.
    var registering: String {
        self == .google
            ? "daybook provider set google --client-secret-file FILE"
            : "daybook provider set \(rawValue) --client-id ID"
    }
}

extension OpenHome {
    /// The names of the connections that were granted by a provider, whoever's they are.
    func connections(grantedBy provider: Provider) throws -> [String] {
        try views().read { views in
            try views.prepare(
                "SELECT COALESCE(name, provider) FROM connection WHERE provider = ? ORDER BY added, connection"
            ).map(.text(provider.rawValue)) { $0.text(0) }
        }
    }
}
