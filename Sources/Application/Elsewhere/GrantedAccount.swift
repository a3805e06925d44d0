import Entries
import FoundationEssentials
import HTTP
import Providers
import Secrets
import Sync
import Vault

/// An account of Google or Microsoft that its owner opened for this Daybook.
struct GrantedAccount {
    let home: OpenHome
    let viewer: Viewer
    let provider: Provider
    let grantor: Grantor
    var tokens: TokenSet
    var isForPeople = false
    /// Where renewed tokens are kept; nil while it is not connected yet.
    var connection: String?
    /// Whose it is, where that is known.
    var email: String?
    var name: String?
    var rules = Patience.Rules()

    /// Asks what it holds, before anything of it is stored.
    func look() throws -> FoundAccount {
        let transport = try transport()
        var found = FoundAccount()
        found.provider = provider
        found.subject = isForPeople ? .people : .meetings
        found.host = grantor.base.origin.host
        found.link = nil
        let identity = try identity(transport)
        found.isAccountKnown = identity.account != nil
        found.account = (isForPeople ? "people:" : "") + (identity.account ?? home.options.randomness.identifier())
        found.email = identity.email
        if isForPeople {
            // Whether they can be read is seen by reading them.
            _ = try people(means(transport)).people(since: nil)
            found.name = "\(grantor.name) contacts" + (identity.email.map { " of \($0)" } ?? "")
        } else {
            found.calendars = try calendars(means(transport)).calendars().calendars
            if provider == .google, let primary = found.calendars.first(where: \.isPrimary) {
                // The main calendar of an account has the address of the account.
                found.account = primary.path
                found.isAccountKnown = true
                found.email = primary.path.contains("@") ? primary.path : nil
            }
            found.name = grantor.name + (found.email.map { " (\($0))" } ?? "")
        }
        return found
    }

    /// The source of it, for one round.
    func opened(memory: ServerMemory = ServerMemory()) throws -> Elsewhere.Opened {
        let transport = try transport()
        let means = means(transport, memory)
        return isForPeople
            ? Elsewhere.Opened(.people(try people(means)), memory: memory)
            : Elsewhere.Opened(.calendars(try calendars(means)), memory: memory)
    }

    /// Renews the tokens now, and keeps them.
    func renew() throws {
        do {
            try transport().renew()
        } catch let failure as GrantFailure {
            throw ReadingFailure(failure.errorClass, "grant", failure.description)
        }
    }

    // MARK: Parts

    private func calendars(_ means: Means) throws -> any CalendarSource {
        switch provider {
        case .google: GoogleSource(means, hosts: googleHosts)
        default: try MicrosoftSource(means, base: grantor.base.text)
        }
    }

    private var googleHosts: GoogleHosts {
        var hosts = GoogleHosts()
        hosts.calendar = grantor.base.text
        hosts.people = grantor.people.origin.description
        return hosts
    }

    private func people(_ means: Means) throws -> any PeopleSource {
        switch provider {
        case .google: GooglePeople(means, hosts: googleHosts)
        default: try MicrosoftPeople(means, base: grantor.base.text)
        }
    }

    private func means(_ transport: any Transport, _ memory: ServerMemory = ServerMemory()) -> Means {
        home.means(transport, zone: viewer.zone, memory: memory)
    }

    /// Shows the token, renews it, is patient, and keeps to the rate that the provider allows.
    private func transport() throws -> AuthorizedTransport {
        let plain = home.transport(try home.networkRules())
        // Calendars and contacts are two connections and one account.
        let patient = home.patient(plain, account: email ?? connection, rules) { [provider] in
            provider == .google ? GoogleSource.verdict($0) : nil
        }
        return AuthorizedTransport(grantor, patient, tokens: tokens, now: home.options.now) { [self] renewed in
            try keep(renewed)
        }
    }

    /// First in the vault, and then in the ledger that it was done.
    private func keep(_ renewed: TokenSet) throws {
        guard let connection else { return }
        try home.secrets(viewer.user, connection).keep(renewed.sealedForm(), .tokens)
        var entry = CredentialRenewed()
        entry.connection = connection
        entry.keyID = try home.vault().keyID
        entry.expires = renewed.expires
        entry.grantExpires = renewed.grantExpires
        try home.desk().append(entry, stream: "connection/\(connection)", owner: viewer.user)
    }

    // MARK: Whose it is

    /// The account is nil where the provider does not say whose it is.
    private struct Identity { var account: String?, email: String? }

    private struct MicrosoftUser: Decodable {
        let id: String
        let mail: String?
        let userPrincipalName: String?
    }

    private struct GooglePerson: Decodable { let resourceName: String }

    private func identity(_ transport: any Transport) throws -> Identity {
        if provider == .microsoft {
            let user: MicrosoftUser = try read(grantor.base.text + "/me", transport)
            let email = user.mail ?? user.userPrincipalName
            return Identity(account: user.id, email: email?.contains("@") == true ? email : nil)
        }
        // The main calendar says it.
        guard isForPeople else { return Identity(account: nil, email: nil) }
        let address = grantor.people.text + (grantor.people.text.hasSuffix("/") ? "" : "/")
        do {
            let person: GooglePerson = try read(address + "v1/people/me?personFields=metadata", transport)
            return Identity(account: person.resourceName, email: nil)
        } catch let failure as ReadingFailure where ["not_found", "forbidden"].contains(failure.code) {
            // Contacts can be read without knowing whose they are.
            return Identity(account: nil, email: nil)
        }
    }

    private func read<Answer: Decodable>(_ address: String, _ transport: any Transport) throws -> Answer {
        let response: Response
        do {
            response = try transport.send(HTTP.Request("GET", try Address(address)))
        } catch {
            throw ReadingFailure(error)
        }
        guard response.isSuccess, let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)) else {
            throw ReadingFailure(response, doing: "asking whose account it is")
        }
        return answer
    }
}
