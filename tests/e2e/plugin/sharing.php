<?php
// A must-use plugin for the tests: shares each post on an account by itself, as other plugins do; beside.php shows how
// it went. The option sharing_on holds {"url", "token"} of the instance. How a post is shared is its slug's beginning:
// "lost": the answer gets lost; "refused": the instance refuses; "later": by cron; anything else: at once.

add_action('rest_api_init', function () {
    register_rest_route('share-on-mastodon/v1', '/url', [
        'methods' => 'GET', 'callback' => fn() => [], 'permission_callback' => '__return_false',
    ]);
});

// At the real one's time: the post is saved, and other plugins hear of it afterwards.
add_action('rest_after_insert_post', function ($post) {
    if (str_starts_with($post->post_name, 'later')) {
        wp_schedule_single_event(time() + 60, 'sharing_later', [$post->ID]);
    } else {
        sharing_now($post->ID);
    }
}, 20);
add_action('sharing_later', 'sharing_now');

function sharing_now(int $id): void
{
    $post = get_post($id);
    $unticked = get_post_meta($id, '_share_on_mastodon', true) === '0';
    if ($post->post_status !== 'publish' || $unticked || get_post_meta($id, '_share_on_mastodon_url', true) !== '') {
        return;
    }
    if (str_starts_with($post->post_name, 'refused')) {
        update_post_meta($id, '_share_on_mastodon_error', 'Validation failed: Text is too long');
        return;
    }
    $on = get_option('sharing_on');
    $answer = wp_remote_post($on['url'] . '/api/v1/statuses', [
        'headers' => ['Authorization' => 'Bearer ' . $on['token']],
        'body' => ['status' => $post->post_title . ' ' . get_permalink($id)],
    ]);
    $status = json_decode(wp_remote_retrieve_body($answer), true);
    if (!str_starts_with($post->post_name, 'lost')) {
        update_post_meta($id, '_share_on_mastodon_url', $status['url']);
    }
}
