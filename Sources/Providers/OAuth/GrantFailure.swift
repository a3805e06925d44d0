public import Entries

/// Why a grant was not given, or does not hold any more: in words, with the one thing that mends it.
public struct GrantFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Cause: String, Sendable, CaseIterable {
        case denied, expired, otherState, noAnswer, scopesMissing, revoked, needsPerson, blockedByAdmin, wrongClient
        case wrongRedirect, wrongTenant, noDevices, pending, slowDown, noRefresh, busy, unknown
    }

    public let cause: Cause
    /// The provider's own word for it.
    public let code: String

    public init(_ cause: Cause, code: String? = nil) {
        self.cause = cause
        self.code = code ?? cause.rawValue
    }

    /// - Parameter detail: what the provider says in words; only the codes in it are read, and none of it is repeated.
    public init(error: String, detail: String? = nil, subtype: String? = nil) {
        let microsoft = detail.flatMap(Self.microsoftCode)
        // What the flow for devices says in its own words is exact; Microsoft's numbers there are not.
        let device = Self.devices.contains(error) ? Self.causes[error] : nil
        let cause =
            device ?? subtype.flatMap { Self.causes[$0] } ?? microsoft.flatMap { Self.causes[$0] }
            ?? Self.causes[error] ?? .unknown
        let plain = error.utf8.prefix(64).allSatisfy { (97...122).contains($0) || $0 == 95 }
        self.init(cause, code: microsoft ?? subtype ?? (plain ? error : "unknown"))
    }

    private static let devices: Set = [
        "authorization_pending", "slow_down", "authorization_declined", "expired_token", "bad_verification_code",
    ]

    private static let causes: [String: Cause] = [
        "access_denied": .denied, "consent_required": .needsPerson, "login_required": .needsPerson,
        "interaction_required": .needsPerson, "invalid_grant": .revoked, "invalid_rapt": .needsPerson,
        "admin_policy_enforced": .blockedByAdmin, "org_internal": .blockedByAdmin, "disallowed_useragent": .wrongClient,
        "invalid_client": .wrongClient, "unauthorized_client": .wrongClient, "deleted_client": .wrongClient,
        "redirect_uri_mismatch": .wrongRedirect, "invalid_request": .wrongRedirect,
        "authorization_pending": .pending, "slow_down": .slowDown, "authorization_declined": .denied,
        "expired_token": .expired, "bad_verification_code": .expired, "invalid_scope": .scopesMissing,
        "temporarily_unavailable": .busy, "server_error": .busy, "internal_failure": .busy,
        "rate_limit_exceeded": .busy, "invalid_token": .revoked, "code_expired": .expired,
        "access_not_configured": .blockedByAdmin,
        // What Microsoft says in numbers.
        "AADSTS65001": .needsPerson, "AADSTS65004": .denied, "AADSTS90094": .blockedByAdmin,
        "AADSTS90099": .blockedByAdmin,
        "AADSTS50105": .blockedByAdmin, "AADSTS53003": .blockedByAdmin, "AADSTS530031": .blockedByAdmin,
        "AADSTS50076": .needsPerson, "AADSTS50079": .needsPerson, "AADSTS50173": .revoked, "AADSTS50078": .needsPerson,
        "AADSTS700082": .revoked, "AADSTS70008": .revoked, "AADSTS70043": .revoked, "AADSTS50057": .revoked,
        "AADSTS700016": .wrongClient, "AADSTS7000215": .wrongClient, "AADSTS7000218": .wrongClient,
        "AADSTS50011": .wrongRedirect, "AADSTS70016": .pending, "AADSTS70020": .expired, "AADSTS70018": .expired,
        "AADSTS70019": .expired, "AADSTS54005": .expired, "AADSTS501481": .otherState, "AADSTS50148": .otherState,
        "AADSTS50133": .revoked, "AADSTS50132": .revoked, "AADSTS70000": .revoked, "AADSTS700084": .revoked,
        "AADSTS9002313": .revoked, "AADSTS50074": .needsPerson, "AADSTS50158": .needsPerson,
        "AADSTS50055": .needsPerson, "AADSTS50144": .needsPerson, "AADSTS50058": .needsPerson,
        "AADSTS16000": .needsPerson, "AADSTS90093": .blockedByAdmin, "AADSTS900941": .blockedByAdmin,
        "AADSTS90095": .blockedByAdmin, "AADSTS650052": .blockedByAdmin, "AADSTS530034": .blockedByAdmin,
        "AADSTS530035": .blockedByAdmin, "AADSTS53000": .blockedByAdmin, "AADSTS53001": .blockedByAdmin,
        "AADSTS53002": .blockedByAdmin, "AADSTS7000222": .wrongClient, "AADSTS700038": .wrongClient,
        "AADSTS500113": .wrongRedirect, "AADSTS650053": .wrongClient, "AADSTS70011": .wrongClient,
        "AADSTS50194": .wrongTenant, "AADSTS50020": .wrongTenant, "AADSTS50059": .wrongTenant,
        "AADSTS50177": .wrongTenant, "AADSTS90002": .wrongTenant, "AADSTS9002331": .wrongTenant,
        "AADSTS9002346": .wrongTenant, "AADSTS90033": .busy, "AADSTS90055": .busy, "AADSTS50196": .busy,
    ]

    private static func microsoftCode(_ detail: String) -> String? {
        guard let start = detail.firstRange(of: "AADSTS") else { return nil }
        let digits = detail[start.upperBound...].prefix(9).prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : "AADSTS" + digits
    }

    /// Trying again by itself helps only where the grant was not said to be over. A word that nobody knows says nothing of
    /// it: a page of a proxy, or an hour of trouble, must not ask a person to connect again.
    public var errorClass: ErrorClass {
        switch cause {
        case .busy, .pending, .slowDown, .unknown: .transient
        default: .auth
        }
    }

    public var description: String {
        switch cause {
        case .denied: "Access was not granted. If that was a mistake, begin again, and say yes."
        case .expired: "It ran out before it was answered. Run it again."
        case .otherState:
            "That is the answer to another question: it belongs to a grant that was begun elsewhere, or was used before. Begin "
                + "again, and take the address from the page that opens then."
        case .noAnswer:
            "That is no answer to the grant. Copy the whole address from the browser's bar, after the page could not be shown; "
                + "it holds “state=” and “code=”."
        case .scopesMissing:
            "The grant does not cover what is needed: reading the calendars, or the contacts. Begin again, and leave all boxes "
                + "ticked."
        case .revoked:
            "The grant does not hold any more: it was taken back, the password was changed, or it ran out (a Google client in "
                + "“Testing” loses its grants after seven days). Connect it again; nothing that is known is lost."
        case .needsPerson: "The provider wants to see its user again. Connect it again."
        case .blockedByAdmin:
            "An administrator of the organisation has to allow this client first (\(code)). Ask them to; docs/providers.md says "
                + "what they need to know."
        case .wrongClient:
            "The provider does not know this client, or its secret is another (\(code)). Compare with its console, and tell it "
                + "again, with its secret: “daybook provider set”."
        case .wrongRedirect:
            "The client does not allow the answer to come to this machine (\(code)). It must be of the kind “Desktop app” with "
                + "Google, and have the address http://localhost with Microsoft."
        case .wrongTenant:
            "The client is not registered for accounts of this kind (\(code)): some are for one organisation, some for private "
                + "accounts. Say whose accounts it is for: daybook provider set microsoft --tenant TENANT"
        case .noDevices: "This provider gives no grants to devices without a browser. Use --manual."
        case .pending: "The grant was not given yet."
        case .slowDown: "The provider wants to be asked less often."
        case .noRefresh:
            "The provider gave a grant that cannot be renewed. Take Daybook's access away in the account's settings, and "
                + "begin again."
        case .busy: "The provider is busy. Try again in a minute."
        case .unknown: "The provider gave no token, for a reason that is not known here (\(code))."
        }
    }
}
