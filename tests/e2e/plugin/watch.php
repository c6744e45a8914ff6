<?php
// A must-use plugin for the tests: counts how often posts are saved, so that a write that is no save can be told.

foreach (['save_post', 'rest_after_insert_post', 'wp_after_insert_post', 'pre_post_update'] as $hook) {
    add_action($hook, function () use ($hook) {
        $counts = get_option('watched_saves', []);
        $counts[$hook] = ($counts[$hook] ?? 0) + 1;
        update_option('watched_saves', $counts, false);
    });
}
