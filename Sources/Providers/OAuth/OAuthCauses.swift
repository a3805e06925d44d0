/// What the codes of the providers mean: the cause in words, and what mends it.
///
/// A code is an `error` of OAuth, one with its subtype (`invalid_grant/invalid_rapt`), or a number of Microsoft's
/// (`AADSTS65001`), which says more than the error that it comes with. Where an error means different things at
/// different steps, the row says at which.
enum OAuthCauses {
    /// Where it came up.
    enum Step: CaseIterable {
        /// The browser came back.
        case answer
        /// A code was redeemed.
        case exchange
        case renewal
        /// A person types a code elsewhere.
        case device
        case revocation
    }

    struct Cause {
        let codes: [String]
        let steps: Set<Step>
        let kind: OAuthFailure.Kind
        let remedy: OAuthRemedy
        /// With `@` for the name of the provider.
        let text: String

        init(
            _ codes: [String], at steps: Set<Step> = Set(Step.allCases), _ kind: OAuthFailure.Kind,
            _ remedy: OAuthRemedy, _ text: String
        ) {
            (self.codes, self.steps, self.kind, self.remedy, self.text) = (codes, steps, kind, remedy, text)
        }
    }

    /// The failure for what was answered, from the code that says most to the one that says least.
    ///
    /// - Parameter codes: those that came, the most telling first.
    static func failure(_ codes: [String], at step: Step, _ provider: OAuthProvider.Name) -> OAuthFailure {
        for code in codes {
            guard let cause = table.first(where: { $0.codes.contains(code) && $0.steps.contains(step) }) else {
                continue
            }
            // Who has not been let in yet has nothing to be renewed.
            let isEarly = cause.kind == .needsReconnect && step != .renewal
            return OAuthFailure(
                isEarly ? .declined : cause.kind, code, words(cause.text, provider), cause.remedy, provider)
        }
        let code = codes.first ?? "no_code"
        let text = words("@ refused it with a code that Daybook does not know: \(printable(code)).", provider)
        // At a renewal only the user can help, for nothing else was asked of anybody.
        return OAuthFailure(step == .renewal ? .needsReconnect : .declined, printable(code), text, .connect, provider)
    }

    private static func words(_ text: String, _ provider: OAuthProvider.Name) -> String {
        text.split(separator: "@", omittingEmptySubsequences: false).joined(separator: provider.title)
    }

    /// A code as it may be shown: what a provider sends could be anything.
    private static func printable(_ code: String) -> String {
        String(code.prefix(60).map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-/.".contains($0)) ? $0 : "?" })
    }

    private static let table: [Cause] = ended + answers + devices + administrators + apps + passing

    // MARK: What was granted is over

    private static let ended: [Cause] = [
        Cause(
            ["invalid_grant"], at: [.renewal], .needsReconnect, .connect,
            "@ does not accept the access any more that it gave to Daybook: it was revoked or has expired. An app of Google "
                + "that is still being tested loses it after seven days."),
        Cause(
            ["invalid_grant/invalid_rapt"], .needsReconnect, .connect,
            "@ wants its user to sign in again, as the organization demands it from time to time."),
        Cause(
            ["interaction_required", "login_required", "consent_required", "invalid_token"], .needsReconnect, .connect,
            "@ wants its user to sign in again."),
        Cause(
            ["AADSTS50173", "AADSTS50133"], .needsReconnect, .connect,
            "The password of the Microsoft account was changed, or access was revoked."),
        Cause(
            ["AADSTS700082", "AADSTS70008", "AADSTS700084", "AADSTS70043"], at: [.renewal], .needsReconnect, .connect,
            "Microsoft does not renew the access any more: it was not used for too long, or the organization limits how "
                + "long it lasts."),
        Cause(
            ["AADSTS70000", "AADSTS9002313", "AADSTS50132"], at: [.renewal], .needsReconnect, .connect,
            "Microsoft does not accept the access any more that it gave to Daybook."),
        Cause(
            ["AADSTS50076", "AADSTS50078", "AADSTS50079", "AADSTS50074", "AADSTS50158"], .needsReconnect, .connect,
            "Microsoft wants its user to sign in again with a second factor."),
        Cause(
            ["AADSTS50055", "AADSTS50144"], .needsReconnect, .connect,
            "The password of the Microsoft account has expired; it must be changed first."),
        Cause(
            ["AADSTS50057"], .needsReconnect, .connect,
            "The Microsoft account is disabled. Its administrator can enable it again."),
        Cause(
            ["AADSTS50034"], .needsReconnect, .connect, "There is no such account in the organization at Microsoft."),
        Cause(
            ["AADSTS65001"], .needsReconnect, .connect,
            "The consent to the app is missing, or was taken back."),
    ]

    // MARK: The way of a sign-in

    private static let answers: [Cause] = [
        Cause(
            ["access_denied", "AADSTS65004", "user_cancelled"], at: [.answer, .exchange], .declined, .connect,
            "Access was declined on the page of @. At an app of Google that is being tested, only those may say yes who "
                + "are listed as testers."),
        Cause(
            ["invalid_grant", "AADSTS70008", "AADSTS70000", "AADSTS54005", "AADSTS9002313"], at: [.exchange],
            .badAnswer,
            .connectInTime, "@ does not accept the code: it was redeemed already, or is older than ten minutes."),
        Cause(
            ["AADSTS501481", "AADSTS50148"], at: [.exchange], .badAnswer, .connectInTime,
            "The code is for another sign-in than the one that was begun here."),
        Cause(
            ["invalid_request"], at: [.answer, .exchange], .badApp, .giveApp,
            "@ could not make sense of the request. Often the app is registered as one of another kind."),
        Cause(
            ["AADSTS16000", "AADSTS50058", "account_selection_required"], .declined, .connect,
            "Microsoft does not know which account is meant: choose one on its page."),
    ]

    private static let devices: [Cause] = [
        Cause(
            ["authorization_pending"], at: [.device], .transient, .wait, "The code was not typed yet."),
        Cause(
            ["authorization_declined", "access_denied"], at: [.device], .declined, .connect,
            "Access was declined on the page of @."),
        Cause(
            ["expired_token", "code_expired", "AADSTS70019", "AADSTS70020"], at: [.device], .badAnswer, .connect,
            "The code was not typed in time."),
        Cause(
            ["bad_verification_code", "AADSTS70018"], at: [.device], .badAnswer, .connect,
            "@ does not know the code of this sign-in any more."),
        Cause(
            ["AADSTS7000218"], .badApp, .registerDesktop,
            "Microsoft takes the app for one that has a secret."),
    ]

    // MARK: What others must change

    private static let administrators: [Cause] = [
        Cause(
            ["admin_policy_enforced", "access_not_configured"], .needsAdministrator, .askAdministrator,
            "The organization does not let its accounts give this app access to calendars."),
        Cause(
            ["org_internal"], .needsAdministrator, .askAdministrator,
            "The app is only for accounts of the organization that registered it."),
        Cause(
            ["AADSTS90094", "AADSTS90093", "AADSTS900941", "AADSTS90095", "AADSTS650052"], .needsAdministrator,
            .askAdministrator, "In this organization only an administrator may let the app read calendars."),
        Cause(
            ["AADSTS50105"], .needsAdministrator, .askAdministrator,
            "The organization has not assigned the app to this account."),
        Cause(
            ["AADSTS53003", "AADSTS530034", "AADSTS530036"], at: [.device], .needsAdministrator, .connectWithBrowser,
            "The organization does not allow to sign in with a code that is typed elsewhere."),
        Cause(
            ["AADSTS53003", "AADSTS530034", "AADSTS530035", "AADSTS530036"], .needsAdministrator, .askAdministrator,
            "The organization blocks the access by its rules (conditional access)."),
        Cause(
            ["AADSTS53000", "AADSTS53001", "AADSTS53002", "AADSTS530002", "AADSTS530003"], .needsAdministrator,
            .askAdministrator, "The organization only allows access from devices that it knows or manages."),
    ]

    private static let apps: [Cause] = [
        Cause(
            ["AADSTS7000215", "AADSTS7000222"], .badApp, .giveApp,
            "The secret of the app is wrong, or has expired."),
        Cause(
            ["AADSTS700016", "AADSTS700038", "AADSTS70001"], .badApp, .giveApp,
            "Microsoft does not know the id of the app, or not in this organization."),
        Cause(
            ["AADSTS50011", "AADSTS500113", "redirect_uri_mismatch"], .badApp, .registerRedirect,
            "The address to which @ sends the browser back is not registered for the app."),
        Cause(
            [
                "AADSTS50194", "AADSTS50020", "AADSTS50059", "AADSTS90002", "AADSTS900023", "AADSTS50177",
                "AADSTS9002346",
                "AADSTS9002331",
            ], .badApp, .connectWithTenant,
            "The app is not registered for accounts of this kind, or the tenant is another."),
        Cause(
            ["AADSTS70011", "AADSTS650053", "AADSTS28003", "invalid_scope"], .badApp, .giveApp,
            "The app may not ask for what Daybook needs: the reading of calendars is not among its permissions."),
        Cause(
            ["invalid_client", "deleted_client", "disabled_client"], .badApp, .giveApp,
            "@ does not know the app: its id or its secret is wrong, or it was deleted."),
        Cause(
            ["unauthorized_client", "unsupported_response_type", "unsupported_grant_type", "disallowed_useragent"],
            .badApp, .registerRedirect, "The app is not registered for this kind of sign-in."),
        Cause(
            ["invalid_request"], at: [.renewal, .device, .revocation], .badApp, .giveApp,
            "@ could not make sense of the request."),
    ]

    // MARK: What may pass

    private static let passing: [Cause] = [
        Cause(
            [
                "internal_failure", "server_error", "temporarily_unavailable", "rate_limit_exceeded", "slow_down",
                "AADSTS90033", "AADSTS90055", "AADSTS50196",
            ], .transient, .wait,
            "@ is not able to answer at the moment.")
    ]

    /// Every code that a row names, for the tests.
    static var known: [(code: String, steps: Set<Step>)] { table.flatMap { row in row.codes.map { ($0, row.steps) } } }
}
