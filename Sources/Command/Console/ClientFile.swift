import Application
import FoundationEssentials
import Machine
import Secrets

/// A client as a provider hands it out: the JSON that Google offers to download, or a file with nothing but the secret.
struct ClientFile {
    var clientID: String?
    var secret: Secret?

    static func read(_ path: String) throws -> ClientFile {
        let bytes = try SecretOptions.reading { try SecretSource.whole(path, limit: 64 << 10) }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        if let downloaded = try? decoder.decode(Downloaded.self, from: Data(bytes)) {
            if downloaded.web != nil {
                throw Refusal(
                    .badRequest, "\(path) is a client for web pages",
                    hint: "Register one of the kind “Desktop app”: only such a one may answer to this machine.")
            }
            if let client = downloaded.installed {
                return ClientFile(clientID: client.clientId, secret: client.clientSecret.map { Secret($0) })
            }
        }
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard !text.isEmpty, !text.hasPrefix("{") else {
            throw Refusal(.badRequest, "there is no client secret in \(path)")
        }
        return ClientFile(clientID: nil, secret: Secret(text))
    }

    private struct Downloaded: Decodable {
        struct Client: Decodable {
            var clientId: String
            var clientSecret: String?
        }

        var installed: Client?
        var web: Client?
    }
}
