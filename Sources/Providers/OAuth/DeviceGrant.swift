import Secrets

/// A sign-in without a browser here: a person opens a page elsewhere and types a code.
public struct DeviceGrant: Sendable {
    /// What to type, and on which page.
    public let userCode: String
    public let page: String
    public let expires: Int64
    public let parts: Set<OAuthPart>
    /// How long to wait before asking the next time.
    public fileprivate(set) var intervalMilliseconds: Int64
    fileprivate let deviceCode: Secret
}

extension SignIn {
    private static let usualInterval: Int64 = 5
    private static let usualLife: Int64 = 900
    private static let longestInterval: Int64 = 60_000

    /// Begins it. Only Microsoft gives access to calendars in this way.
    public func beginDevice(_ parts: Set<OAuthPart>) throws(OAuthFailure) -> DeviceGrant {
        guard let address = provider.device else {
            throw failure(
                .badApp, "no_device_flow",
                "\(name.title) does not give access to calendars with a code that is typed elsewhere.",
                .connectWithBrowser)
        }
        let reply = try ask(address, [("scope", provider.scopes(for: parts).joined(separator: " "))], at: .device)
        guard let device = reply.deviceCode, let user = reply.userCode, let page = reply.verificationURI,
            !device.isEmpty, Self.isShowable(user, longest: 40), Self.isShowable(page, longest: 400)
        else { throw unreadable("a code") }
        let life = min(max(reply.expiresIn ?? Self.usualLife, 1), 3_600)
        let interval = min(max(reply.interval ?? Self.usualInterval, 1), Self.longestInterval / 1_000)
        return DeviceGrant(
            userCode: user, page: page, expires: now() + life * 1_000, parts: parts,
            intervalMilliseconds: interval * 1_000, deviceCode: Secret(device))
    }

    private static func isShowable(_ text: String, longest: Int) -> Bool {
        !text.isEmpty && text.utf8.count <= longest && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    /// Asks once whether the code was typed; nil if not yet. How long to wait then stands in the grant.
    public func poll(_ grant: inout DeviceGrant) throws(OAuthFailure) -> TokenSet? {
        if now() >= grant.expires { throw OAuthCauses.failure(["expired_token"], at: .device, name) }
        var fields = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code")]
        grant.deviceCode.reveal { fields.append(("device_code", $0)) }
        do {
            return try granted(ask(provider.token, fields, at: .device), grant.parts)
        } catch {
            switch (error.code, error.kind) {
            case ("authorization_pending", _): return nil
            case ("slow_down", _): grant.intervalMilliseconds += 5_000
            // Who is too busy to answer is asked less often.
            case (_, .transient): grant.intervalMilliseconds *= 2
            default: throw error
            }
            grant.intervalMilliseconds = min(grant.intervalMilliseconds, Self.longestInterval)
            return nil
        }
    }

    /// Asks until the code was typed or is over.
    ///
    /// - Parameter wait: waits so many milliseconds; what it throws ends it.
    public func waitForDevice(_ grant: DeviceGrant, wait: (Int64) throws -> Void) throws -> TokenSet {
        var grant = grant
        while true {
            try wait(grant.intervalMilliseconds)
            if let tokens = try poll(&grant) { return tokens }
        }
    }
}
