import HTTP
import Secrets

/// A transport that answers by a rule of the test, and remembers what it was asked.
final class ScriptedTransport: Transport {
    private let rule: (Request) throws -> Response
    private(set) var requests: [Request] = []

    init(_ rule: @escaping (Request) throws -> Response) { self.rule = rule }

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        requests.map { request in
            self.requests.append(request)
            do {
                return .success(try rule(request))
            } catch let error as HTTPError {
                return .failure(error)
            } catch {
                return .failure(HTTPError(.malformed, "\(error)"))
            }
        }
    }
}

extension Request {
    var text: String { String(decoding: body, as: UTF8.self) }

    func answer(_ status: Int, _ body: String = "", _ headers: [(String, String)] = []) -> Response {
        Response(
            status: status, headers: headers.map { Header($0.0, $0.1) }, body: Array(body.utf8), address: address)
    }

    var bearer: String? {
        guard case .bearer(let secret)? = credentials?.kind, credentials?.isFor(address.origin) == true else {
            return nil
        }
        return secret.reveal { $0 }
    }
}
