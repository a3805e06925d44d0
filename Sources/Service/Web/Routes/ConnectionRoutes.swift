import Application
import Entries

extension Routes {
    static let connection = Parameter.id(.connection)
    private static let tag = "connections"
    private static let isDry = Parameter.flag("dry_run", "Only says what would be done.")
    private static let seen = Parameter.integer(
        "seen_version", in: 1...Int64.max, "The version that you saw; a change since then refuses this one.")

    static let connections: [Route] =
        [
            Route(
                .get, "\(root)/connections", "What is connected, and how it goes", tag: tag, kind: "connections"
            ) { call in ConnectionsRequest(user: call.user) },
            Route(
                .post, "\(root)/connections", "Connect a CalDAV or CardDAV server, or a feed; it is asked first",
                tag: tag,
                kind: "connected", body: .json(ServerBody.self), success: 201, refusals: [409, 422]
            ) { call in try call.body(ServerBody.self).request(call.user) }.lasting,
            Route(
                .post, "\(root)/connection-tests", "Try what would be connected; nothing is stored", tag: tag,
                kind: "connected", body: .json(ServerBody.self), refusals: [409, 422]
            ) { call in
                var request = try call.body(ServerBody.self).request(call.user)
                request.isDryRun = true
                return request
            }.lasting,
            Route(
                .get, "\(root)/connections/{connection}", "One connection", tag: tag, kind: "connections",
                [connection.declaration]
            ) { call in ConnectionsRequest(user: call.user, connection: try call[connection]) },
            Route(
                .patch, "\(root)/connections/{connection}", "Change how it is read and logged", tag: tag,
                kind: "connection", [connection.declaration], body: .json(ConnectionChangeBody.self), refusals: [409]
            ) { call in try call.body(ConnectionChangeBody.self).request(call.user, try call[connection]) },
            Route(
                .delete, "\(root)/connections/{connection}", "Remove it; what was logged and noted stays", tag: tag,
                kind: "connection_removed", [connection.declaration, isDry.declaration, seen.declaration],
                refusals: [409]
            ) { call in
                var request = RemoveConnectionRequest(user: call.user, connection: try call[connection])
                request.isDryRun = try call[isDry]
                request.seenVersion = try call[seen]
                return request
            },
            Route(
                .post, "\(root)/connections/{connection}/pause", "Stop reading it by itself", tag: tag,
                kind: "connection",
                [connection.declaration], body: .json(PauseBody.self), refusals: [409]
            ) { call in try call.body(PauseBody.self).request(call.user, try call[connection], isPaused: true) },
            Route(
                .post, "\(root)/connections/{connection}/resume", "Read it by itself again", tag: tag,
                kind: "connection",
                [connection.declaration], body: .json(PauseBody.self), refusals: [409]
            ) { call in try call.body(PauseBody.self).request(call.user, try call[connection], isPaused: false) },
            Route(
                .post, "\(root)/connections/{connection}/test", "Ask its server whether it can be read now", tag: tag,
                kind: "connection_test", [connection.declaration], refusals: [409, 422]
            ) { call in TestConnectionRequest(user: call.user, connection: try call[connection]) }.lasting,
            Route(
                .put, "\(root)/connections/{connection}/credentials",
                "Give it a new password or address; they are tried first", tag: tag, kind: "reconnected",
                [connection.declaration], body: .json(CredentialsBody.self), refusals: [409, 422]
            ) { call in try call.body(CredentialsBody.self).request(call.user, try call[connection]) }.lasting,
            Route(
                .post, "\(root)/connections/{connection}/confirm-reading",
                "Say that a reading which found far too little was right", tag: tag, kind: "reading_confirmed",
                [connection.declaration], refusals: [409]
            ) { call in ConfirmReadingRequest(user: call.user, connection: try call[connection]) },
            Route(
                .delete, "\(root)/connections/{connection}/breaker",
                "Read it again although it failed many times", tag: tag, kind: "breaker", [connection.declaration],
                refusals: [409, 503]
            ) { call in ResetBreakerRequest(user: call.user, connection: try call[connection]) },
        ] + grants

    // MARK: Google and Microsoft

    private static let provider = Parameter.word(
        "provider", ["google", "microsoft"], in: .path, "Whose client it is.")
    private static let grant = Parameter.name("grant", "The id of the grant, from its beginning.")

    private static let grants: [Route] = [
        Route(
            .post, "\(root)/grants", "Begin to connect an account of Google or Microsoft", tag: tag, kind: "grant",
            body: .json(GrantBody.self), success: 201, refusals: [409, 422]
        ) { call in try call.body(GrantBody.self).request(call) }.lasting,
        Route(
            .post, "\(root)/grants/{grant}/finish", "Connect it, with the answer of its owner", tag: tag,
            kind: "grant_finished", [grant.declaration], body: .json(GrantEndBody.self), refusals: [409, 422]
        ) { call in try call.body(GrantEndBody.self).request(call.user, try call[grant]) }.lasting,
        Route(
            .get, "\(root)/providers", "The clients that were registered; no secret is shown", tag: tag,
            kind: "providers", role: .admin
        ) { call in ProvidersRequest(user: call.user) },
        Route(
            .put, "\(root)/providers/{provider}", "Tell the client that was registered there", tag: tag,
            kind: "provider", role: .admin, [provider.declaration], body: .json(ProviderBody.self), refusals: [409]
        ) { call in try call.body(ProviderBody.self).request(call.user, try call[provider]) },
        Route(
            .delete, "\(root)/providers/{provider}", "Forget the client", tag: tag, kind: "provider_removed",
            role: .admin, [provider.declaration, isDry.declaration], refusals: [409]
        ) { call in
            var request = RemoveProviderRequest(user: call.user, provider: try call[provider])
            request.isDryRun = try call[isDry]
            return request
        },
    ]
}
