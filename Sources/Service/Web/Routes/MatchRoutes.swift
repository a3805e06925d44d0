import Application

extension Routes {
    private static let tag = "matches"
    static let address = Parameter.id(.address, nil, "The id of an address that came up, or the address itself.")
    private static let whose = Parameter.only(
        .person, "Whose it is not; whoever it is matched with where nothing is said.")
    private static let own = Parameter.id(.address, "address", "The address itself, or its id.")

    static let matches: [Route] = [
        Route(
            .post, "\(root)/addresses/{address}/match", "Say whose an address is; it beats every rule", tag: tag,
            kind: "match", [address.declaration], body: .json(MatchBody.self), refusals: [409]
        ) { call in
            MatchRequest(
                user: call.user, address: try call[address], person: try call.body(MatchBody.self).person)
        },
        Route(
            .delete, "\(root)/addresses/{address}/match", "Say that an address is not somebody's", tag: tag,
            kind: "unmatch", [address.declaration, whose.declaration], refusals: [409]
        ) { call in UnmatchRequest(user: call.user, address: try call[address], person: try call[whose]) },
        Route(
            .get, "\(root)/addresses/{address}/explanation", "Whose an address is, and what each rule said", tag: tag,
            kind: "explained", [address.declaration]
        ) { call in ExplainRequest(user: call.user, try call[address], .address) },
        Route(
            .get, "\(root)/suggestions", "What rules found and nobody has said yet", tag: tag, kind: "suggestions",
            [Parameter.limit.declaration]
        ) { call in SuggestionsRequest(user: call.user, limit: try call[Parameter.limit]) },
        Route(
            .post, "\(root)/suggestions", "Accept all of them, or reject all", tag: tag, kind: "suggestions_answered",
            body: .json(AnswerBody.self), refusals: [409]
        ) { call in
            AnswerSuggestionsRequest(
                user: call.user, address: nil, isAccepted: try call.body(AnswerBody.self).isAccepted)
        },
        Route(
            .post, "\(root)/suggestions/{address}", "Accept what is suggested for an address, or reject it", tag: tag,
            kind: "suggestions_answered", [address.declaration], body: .json(AnswerBody.self), refusals: [409]
        ) { call in
            AnswerSuggestionsRequest(
                user: call.user, address: try call[address], isAccepted: try call.body(AnswerBody.self).isAccepted)
        },
        Route(
            .post, "\(root)/rematch", "Decide about every address anew, as people and rules are now", tag: tag,
            kind: "rematch", body: .json(RematchBody.self), refusals: [409]
        ) { call in
            let body = try call.body(RematchBody.self)
            if body.isForAll == true { try call.requireAdmin() }
            var request = RematchRequest(user: call.user)
            (request.isForAll, request.isDryRun) = (body.isForAll ?? false, body.isDryRun ?? false)
            return request
        },
        Route(
            .get, "\(root)/own-addresses", "The addresses that are your own", tag: tag, kind: "own_addresses"
        ) { call in OwnAddressesRequest(user: call.user) },
        Route(
            .post, "\(root)/own-addresses", "Say that addresses are your own: they are never matched", tag: tag,
            kind: "own_address", body: .json(OwnBody.self), success: 201, refusals: [409]
        ) { call in ClaimAddressRequest(user: call.user, emails: try call.body(OwnBody.self).emails) },
        Route(
            .delete, "\(root)/own-addresses/{address}", "Take back that an address is your own", tag: tag,
            kind: "own_address", [own.declaration], refusals: [409]
        ) { call in DisclaimAddressRequest(user: call.user, email: try call[own]) },
        Route(
            .put, "\(root)/me/person", "Say which contact is you", tag: tag, kind: "own_address",
            body: .json(MatchBody.self), refusals: [409]
        ) { call in ThisIsMeRequest(user: call.user, person: try call.body(MatchBody.self).person) },
    ]
}

struct MatchBody: WebBody {
    let person: String

    static let notes = ["person": FieldNote("The id of the person.", isFilled: true, identifies: .person)]
}

struct AnswerBody: WebBody {
    let isAccepted: Bool

    static let notes = ["is_accepted": FieldNote("Whether it is right.")]
}

struct RematchBody: WebBody {
    let isDryRun: Bool?
    let isForAll: Bool?

    static let notes = [
        "is_dry_run": FieldNote("Only says what would change."),
        "is_for_all": FieldNote("Of everybody, for an administrator."),
    ]
}

struct OwnBody: WebBody {
    let emails: [String]

    static let notes = ["emails": FieldNote("The addresses.", most: 320, isFilled: true)]
}
