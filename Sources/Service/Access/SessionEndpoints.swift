import Application
import Entries
import FoundationEssentials
import HTTP
import Machine
import Secrets
public import WebServer

/// Logging in and out: what is behind `/api/v1/session`.
extension Access {
    /// A name and a password, in JSON.
    static let longestBody = 8 << 10

    private struct Asked: Decodable { let name: String, password: Confided }

    private struct NewPassword: Decodable { let current, password: Confided }

    /// `POST /api/v1/session`: logs in, and begins a session under a new id.
    public func logIn(_ visit: Visit) -> Reply {
        answered(visit) { () throws(AccessFault) in
            if Self.hasTokenInAddress(visit) { throw .tokenInAddress }
            let cookie = cookie(visit)
            guard OriginCheck.allows(visit, isPlain: cookie.isPlain, isRequired: false) else { throw .foreignOrigin }
            let asked = try Self.body(Asked.self, visit)
            let login = try begin(asked.name, asked.password.secret, visit, cookie)
            return reply(to: login, cookie)
        }
    }

    /// `GET /api/v1/session`: who is logged in.
    public func session(_ visit: Visit) -> Reply {
        answered(visit) { () throws(AccessFault) in .access(200, Self.told(try required(visit))) }
    }

    /// `DELETE /api/v1/session`: ends this session, or with `?everywhere=true` all of the user's.
    public func logOut(_ visit: Visit) -> Reply {
        answered(visit) { () throws(AccessFault) in
            let (cookie, caller) = (cookie(visit), try required(visit))
            guard case .session = caller.kind, let id = cookie.id(visit) else {
                throw AccessFault(
                    400, "no_session", "A token is no session.",
                    hint: "It ends when it is revoked: daybook tokens revoke")
            }
            let isEverywhere = visit.queryValues("everywhere") == ["true"]
            try keep(isEverywhere ? book.logOutEverywhere(caller.user) : book.logOut(id))
            return Reply(204, headers: [cookie.ending(), .init("Cache-Control", "no-store")])
        }
    }

    /// `PUT /api/v1/session/password`: another password for the one who is logged in and knows the old one. All sessions
    /// end, and this browser gets a new one.
    public func changePassword(_ visit: Visit) -> Reply {
        answered(visit) { () throws(AccessFault) in
            let (cookie, caller) = (cookie(visit), try required(visit))
            guard case .session = caller.kind else {
                throw AccessFault(403, "no_session", "A password is changed by somebody who is logged in with it.")
            }
            let asked = try Self.body(NewPassword.self, visit)
            // Whoever sits at an open browser may try no more passwords than anybody else.
            let known = try begin(caller.user, asked.current.secret, visit, cookie, field: "current")
            do {
                try surroundings.inHome { home in
                    _ = try SetPasswordRequest(user: caller.user, password: asked.password).answer(in: home)
                }
            } catch let refusal as Refusal where refusal.kind == .badRequest {
                // The browser goes on with the session that was just begun.
                let fault = AccessFault(
                    422, "bad_password", refusal.message, field: "password", hint: refusal.hint)
                var reply = fault.reply
                known.id.reveal { reply.headers.append(cookie.setting($0)) }
                return reply
            } catch {
                throw Self.fault(error)
            }
            return reply(to: try begin(caller.user, asked.password.secret, visit, cookie), cookie)
        }
    }

    private func begin(
        _ name: String, _ password: Secret, _ visit: Visit, _ cookie: SessionCookie, field: String? = nil
    ) throws(AccessFault) -> AccessBook.Login {
        let sender = ClientAddress.sender(address(visit))
        do {
            let login = try book.logIn(
                name, password, from: sender, previous: cookie.id(visit), now: surroundings.now(),
                surroundings.randomness)
            try keep(login.changes)
            return login
        } catch let error as AccessBook.LoginFault {
            var fault: AccessFault
            switch error {
            case .wrong(let changes):
                try keep(changes)
                fault = field == nil ? .wrong : AccessFault(422, "wrong_credentials", "The password is wrong.")
            case .wait(let milliseconds): fault = .wait(milliseconds: milliseconds)
            case .busy: fault = .busy
            }
            fault.field = field
            surroundings.failed(Failure(code: fault.code, address: address(visit)))
            throw fault
        } catch {
            throw Self.fault(error)
        }
    }

    private func keep(_ changes: AccessChanges) throws(AccessFault) {
        do {
            try surroundings.inHome { try $0.keep(changes) }
        } catch {
            throw Self.fault(error)
        }
    }

    // MARK: Words

    private func reply(to login: AccessBook.Login, _ cookie: SessionCookie) -> Reply {
        login.id.reveal { id in
            let caller = Caller(
                user: login.user.user, name: login.user.name, role: login.user.role,
                scopes: [.read, .write, .admin, .metrics], kind: .session(mark: book.sessionMark(id)))
            return .access(200, Self.told(caller), [cookie.setting(id)])
        }
    }

    private static func told(_ caller: Caller) -> SessionAnswer {
        let scopes = caller.scopes.sorted().map(\.rawValue)
        let (kind, mark): (String, String?) =
            switch caller.kind {
            case .session(let mark): ("session", mark)
            case .token: ("token", nil)
            }
        return SessionAnswer(
            user: caller.user, name: caller.name, role: caller.role.rawValue, scopes: scopes, kind: kind, csrf: mark)
    }

    private func answered(_ visit: Visit, _ body: () throws(AccessFault) -> Reply) -> Reply {
        do {
            return try body()
        } catch {
            return error.reply
        }
    }

    /// A page elsewhere can send a form and no JSON without being asked for leave.
    private static func body<Body: Decodable>(_ type: Body.Type, _ visit: Visit) throws(AccessFault) -> Body {
        let kind = visit.header("Content-Type")?.lowercased().prefix { $0 != ";" }.filter { !$0.isWhitespace }
        guard kind == "application/json" else {
            throw AccessFault(415, "not_json", "The request is no JSON.", hint: "Send Content-Type: application/json")
        }
        guard visit.body.count <= longestBody else { throw AccessFault(413, "too_large", "The request is too large.") }
        do {
            return try JSONDecoder().decode(type, from: Data(visit.body))
        } catch DecodingError.keyNotFound(let key, _) {
            throw AccessFault(400, "missing_field", "A field is missing.", field: key.stringValue)
        } catch DecodingError.typeMismatch(_, let context) {
            throw AccessFault(400, "bad_field", "A field is no text.", field: context.codingPath.last?.stringValue)
        } catch {
            throw AccessFault(400, "bad_json", "The request cannot be read.")
        }
    }

    /// What is wrong with the home is for its owner and not for who asks.
    private static func fault(_ error: any Error) -> AccessFault {
        if let refusal = error as? Refusal, refusal == .passwordsAreBusy { return .busy }
        return AccessFault(
            503, "unavailable", "The home cannot be written to at the moment.",
            hint: "Its owner sees why: daybook doctor")
    }
}
