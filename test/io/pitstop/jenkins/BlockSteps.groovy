/** Steps with a body, themselves suspended at both ends, so that a restart inside the body is a restart inside them. */
class BlockSteps implements Serializable {
    static Object run(Object enter, Object exit, Closure body) {
        Continuable.suspend('suspend', enter)
        try {
            return body.call()
        } finally {
            Continuable.suspend('suspend', exit)
        }
    }

    /** One branch after the other; as in Jenkins, a failed branch does not stop the others. */
    static Object parallel(Map branches) {
        List names = new ArrayList(branches.keySet())
        Map results = [:]
        Throwable first = null
        for (int i = 0; i < names.size(); i++) {
            try {
                results[names[i]] = branches[names[i]].call()
            } catch (Throwable failed) {
                first = first ?: failed
            }
        }
        if (first != null) {
            throw first
        }
        return results
    }

    /** As the catchError step: swallows failures, and interruptions only if it is told to. */
    static Object catchError(Map how, Closure body) {
        try {
            body.call()
        } catch (Throwable failed) {
            if (!how.catchInterruptions && failed.class.simpleName == 'BuildAborted') {
                throw failed
            }
        }
        return null
    }

    /** As the retry step with conditions: again only after what one of them is for. */
    static Object retry(Map how, Closure body) {
        int left = how.count
        while (true) {
            try {
                return body.call()
            } catch (Throwable failed) {
                boolean meant = how.conditions.contains('agent') && failed.class.simpleName == 'NodeLost'
                left--
                if (!meant || left == 0) {
                    throw failed
                }
            }
        }
    }
}
